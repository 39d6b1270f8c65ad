"""A seeded world in our ontology, of any size, shaped like life.

Few investors hold most of the investments, few companies raise most of the
rounds, few models are what the others are built on: whoever was named before is
the likelier to be named again. Dates are partial, some reports contradict or
correct others, some sums are bands of words. The entities that the stored
queries ask for by default come first, so that most queries answer rows.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from bench.world import DATA_DAY, Properties, World, both, text

__all__ = ["Told", "generate", "investments"]

_FIRST_DAY = date(2014, 1, 1)
_LAST_DAY = date(2026, 9, 1)


def generate(data: Path, triples: int, seed: int = 7) -> int:
    """Write a data folder of about that many triples; returns how many there are."""
    stories = _Stories(seed)
    stories.defaults()
    while stories.world.triples < triples:
        stories.any()
    stories.world.write(data)
    return stories.world.triples


class Told(NamedTuple):
    """An investment that stands: CURIEs, and the date as Turtle."""

    statement: str
    investor: str
    investee: str
    stage: str
    date: str
    sources: list[str]
    deal: str | None = None
    role: str | None = None
    consideration: str | None = None


def investments(count: int, seed: int = 7, data: Path | None = None) -> tuple[list[Told], World]:
    """About that many investments of a world that tells of capital only, written where ``data`` is given."""
    stories = _Stories(seed)
    stories.defaults()
    while len(stories.investments) < count:
        stories.of_capital()
    if data is not None:
        stories.world.write(data)
    return stories.investments, stories.world


class _Stories:
    """What can be told, each with the sources that tell it; those who have been named stand in pools."""

    def __init__(self, seed: int) -> None:
        self.world = World(seed)
        self.chance = self.world.chance
        self.places = [self._new("place", "Place", "beijing", "Beijing", "北京")]
        self.places += [self._new("place", "Place") for _ in range(6)]
        self.bodies = [self._new("actor", "GovernmentBody") for _ in range(8)]
        self.types = ["StartUp"] * 6 + ["BigTech", "EstablishedCompany", "CloudProvider", "VentureInvestor"]
        self.lists = [self._new("list", "ControlList") for _ in range(2)]
        self.companies: list[str] = []
        self.investors: list[str] = []
        self.entities: list[str] = []
        self.developers: list[str] = []
        self.models: list[str] = []
        self.families: list[str] = []
        self.policies: list[str] = []
        self.chips: list[str] = []
        self.investments: list[Told] = []

    def defaults(self) -> None:
        """One story of each kind, of the entities that the stored queries ask for."""
        alibaba = self.company("alibaba", "Alibaba", "阿里巴巴")
        zhipu = self.company("zhipu-ai", "Zhipu AI", "智谱AI")
        moonshot = self.company("moonshot-ai", "Moonshot AI", "月之暗面")
        for investee in (moonshot, zhipu):
            self.round(investee, alibaba)
        self.fund()
        self.state_fund()
        self.acquisition()
        self.sale()
        self.move()
        self.survey()
        self.laboratory("shanghai-ai-lab", "Shanghai AI Laboratory", "上海人工智能实验室")
        self.chip()
        self.families = [self._new("model", "ModelFamily", "llama", "Llama", "Llama")]
        self.models = [*self.families]
        self.model("yi-34b", "Yi-34B", "Yi-34B")
        for story in (self.policy, self.programme, self.designation, self.event, self.position, self.dependence):
            story()

    def any(self) -> None:
        """The next story, as often as its kind is told in our own data."""
        self.chance.choices(
            (self.company, self.round, self.fund, self.laboratory, self.chip, self.model, self.policy, self.programme,
             self.designation, self.event, self.position, self.dependence,
             self.state_fund, self.acquisition, self.sale, self.move, self.survey),
            (12, 14, 3, 1, 2, 16, 8, 3, 6, 8, 5, 2, 1, 1, 1, 0.5, 1),
        )[0]()  # fmt: skip

    def of_capital(self) -> None:
        """The next story of companies, rounds and funds, as often as among all kinds."""
        self.chance.choices((self.company, self.round, self.fund), (12, 14, 3))[0]()

    # who there is

    def company(self, *name: str) -> str:
        company, day = self._new("actor", "Company", *name), self._day()
        place = self._again(self.places)
        sources = self._sources(day)
        founders = [self._new("person", "Person") for _ in range(self.chance.choice((1, 1, 2, 3)))]
        self._say("Founding", sources, organisation=company, date=self.world.when(day), founder=founders)
        if name or self.chance.random() < 0.5:
            place = self.places[0] if name else place
            self._state("Seat", sources, day, organisation=company, place=place, seatKind="ctkg:Headquarters")
        self._state("Typing", sources, day, typed=company, actorType=f"ctkg:{self.chance.choice(self.types)}")
        for founder in founders:
            title = both("chief executive", "首席执行官")
            self._state("Role", sources, day, person=founder, organisation=company, position=title)
        if self.chance.random() < 0.5:
            member = self._new("actor", "LegalEntity")
            self._state("PartOfGroup", sources, day, member=member, group=company)
            self.entities.append(member)
        if self.chance.random() < 0.1:
            self._state("Naming", sources, day, named=company, nameKind="ctkg:FormerName", name=text("旧名", "zh"))
        self.companies.append(company)
        self.developers.append(company)
        self.investors += [company] if name or self.chance.random() < 0.2 else []
        return company

    def fund(self) -> None:
        fund, day = self._new("actor", "InvestmentFund"), self._day()
        sources = self._sources(day)
        for partner in self._distinct(self.investors, self.chance.choice((1, 2, 3))):
            self._investment(partner, fund, sources, day, role="ctkg:FundPartner")
        self._investment(fund, self._again(self.companies), sources, day)
        self.investors.append(fund)

    def state_fund(self) -> None:
        """A fund that a public body owns or manages, or that a source calls a state investor."""
        fund, body, day = self._new("actor", "InvestmentFund"), self._again(self.bodies), self._day()
        sources = self._sources(day)
        link = self.chance.choice(("Typing", "Ownership", "Management"))
        if link == "Typing":
            self._state("Typing", sources, day, typed=fund, actorType="ctkg:StateInvestor")
        elif link == "Management":
            self._state("Management", sources, day, managed=fund, manager=body)
        else:
            held = {
                "owned": fund,
                "owner": body,
                "interest": "ctkg:Equity",
                "share": f"{self.chance.uniform(20, 100):.2f}",
            }
            self._say("Ownership", sources, **held, observedOn=self.world.when(day), directness="ctkg:DirectInterest")
        for company in self._distinct(self.companies, self.chance.choice((1, 2, 3))):
            later = min(day + timedelta(self.chance.randrange(30, 600)), _LAST_DAY)
            self._investment(fund, company, self._sources(later), later)
        self.investors.append(fund)

    def acquisition(self) -> None:
        company, day = self._again(self.companies), self._day()
        home, sources = company.partition(":")[2], self._sources(day)
        deal = self.world.entity("deal", "Acquisition", self._deal_name(home, day), home)
        buyer = self._distinct(self.investors, 1, company)
        for name in buyer:
            self._investment(name, company, sources, day, deal=deal, role="ctkg:Acquirer")
        if buyer:
            price = {"investee": company, "deal": deal, "stage": "ctkg:Completed", "date": self.world.when(day)}
            self._say("RoundTotal", sources, **price, **self.world.sum())

    def sale(self) -> None:
        """Somebody who invested sells."""
        told = self.chance.choice(self.investments)
        day = self._day()
        sold = {"investor": told.investor, "investee": told.investee, "stage": "ctkg:Completed"}
        self._say("Divestment", self._sources(day), **sold, **self.world.sum(), date=self.world.when(day))

    def move(self) -> None:
        company, day = self._again(self.companies), self._day()
        moved = {"organisation": company, "date": self.world.when(day)}
        self._say("Reorganisation", self._sources(day), **moved, reorganisationKind="ctkg:Redomiciliation")

    def survey(self) -> None:
        asked = {"about": self._again(self.companies), "observedOn": f'"{DATA_DAY}"^^xsd:date'}
        finding = both("Covered: every round that was found.", "已覆盖：检索到的全部轮次。")
        kinds = ["ctkg:Investment", "ctkg:RoundTotal"]
        self._say("Survey", [], **asked, sought=kinds, searches=str(self.chance.randrange(2, 20)), finding=finding)

    def laboratory(self, *name: str) -> None:
        lab, day = self._new("actor", "ResearchLab", *name), self._day()
        sources, person = self._sources(day), self._new("person", "Person")
        self._say("Founding", sources, organisation=lab, date=self.world.when(day))
        self._state("Role", sources, day, person=person, organisation=lab, position=both("director", "主任"))
        body = self._again(self.bodies)
        self._state("Supervision", sources, day, supervised=lab, supervisor=body, supervisionKind="ctkg:Funds")
        self._state(
            "Seat", sources, day, organisation=lab, place=self._again(self.places), seatKind="ctkg:RegisteredSeat"
        )
        forum = self._new("actor", "Forum")
        self._say("Participation", sources, participant=[lab, body], participatedIn=forum, date=self.world.when(day))
        self.developers.append(lab)

    # capital

    def round(self, investee: str | None = None, backer: str | None = None) -> None:
        company = investee or self._again(self.companies)
        home, day = company.partition(":")[2], self._day()
        sources = self._sources(day, fresh=True)
        deal = self.world.entity("deal", "FundingRound", self._deal_name(home, day), home)
        shared = {"investee": company, "deal": deal, "stage": self._stage(investee), "date": self.world.when(day)}
        kind = f"ctkg:{self.chance.choice(('SeriesRound', 'SeriesRound', 'StrategicRound', 'AngelRound'))}"
        total = self._say(
            "RoundTotal", sources, **shared, **self.world.sum(), dealType=kind, series=text(self.chance.choice("ABCD"))
        )
        rest = self._distinct(self.investors, 1 + int(self.chance.expovariate(0.35)), company, backer)
        for number, investor in enumerate([*([backer] if backer else []), *rest]):
            role = "CornerstoneInvestor" if backer else "FollowingInvestor" if number else "LeadInvestor"
            self._investment(investor, company, sources, day, deal=deal, role=f"ctkg:{role}", stage=shared["stage"])
        if backer:
            self._investment(backer, company, sources, day, deal=deal, consideration="ctkg:CloudCredit")
        if self.chance.random() < 0.5:
            worth = {"investee": company, "deal": deal, "date": shared["date"], "valuationKind": "ctkg:PostMoney"}
            self._say("Valuation", sources, **worth, **self.world.sum())
        if rest and (investee or self.chance.random() < 0.3):
            share = f"{self.chance.uniform(0.1, 30):.2f}"
            held = {"owned": company, "owner": rest[0], "interest": "ctkg:Equity", "share": share}
            self._say("Ownership", sources, **held, observedOn=self.world.when(day), directness="ctkg:DirectInterest")
        if investee or self.chance.random() < 0.15:  # another paper has another figure
            rival = self._say("RoundTotal", self._sources(day, fresh=True), **shared, **self.world.sum(), dealType=kind)
            label = (f"What {deal.partition(':')[2]} raised", f"{deal.partition(':')[2]}的总额")
            self.world.dispute("RoundTotal", [total, rival], home, label)

    def _investment(self, investor: str, investee: str, sources: list[str], day: date, **more: str) -> None:
        stated = {"investor": investor, "investee": investee, "stage": more.pop("stage", "ctkg:Completed")}
        parts = self.world.sum() if self.chance.random() < 0.35 else {}
        on = self.world.when(day)
        first = self._say("Investment", sources, **stated, date=on, **more, **parts)
        told = Told(first, investor, investee, stated["stage"], on, sources, **more)
        if self.chance.random() < 0.04:  # a later report corrects this one
            later = self._sources(day + timedelta(60), fresh=True)
            exact = f'"{day}"^^xsd:date'
            newer = self._say("Investment", later, **stated, date=exact, **more, **self.world.sum(), supersedes=first)
            told = told._replace(statement=newer, date=exact, sources=later)
        self.investments.append(told)

    # things

    def model(self, *name: str) -> None:
        model, developer, day = self._new("model", "Model", *name), self._again(self.developers), self._day()
        sources, on = self._sources(day), self.world.when(day)
        self._say("Development", sources, developed=model, developer=developer, date=on)
        access = f"ctkg:{self.chance.choice(('OpenWeights', 'OpenWeights', 'GatedWeights', 'ApiOnly'))}"
        size = str(self.chance.choice((1, 7, 14, 34, 72, 236, 671)) * 10**9)
        licence = text(self.chance.choice(("Apache-2.0", "MIT", "own licence")))
        self._say("Release", sources, released=model, date=on, weightsAccess=access, parameters=size, licence=licence)
        if name or self.chance.random() < 0.7:
            family = self._again(self.families)
            if not name and self.chance.random() < 0.15:
                family = self._new("model", "ModelFamily")
                self.families.append(family)
            self._state("FamilyMembership", sources, day, model=model, family=family)
        if name or self.chance.random() < 0.5:
            kind = f"ctkg:{self.chance.choice(('FineTune', 'ContinuedPretraining', 'Distillation', 'Merge'))}"
            base = self.models[0] if name else self._again(self.models)
            self._say("Derivation", sources, derived=model, base=base, derivationKind=kind, date=on)
        if name or self.chance.random() < 0.25:
            tokens = str(self.chance.randrange(1, 30) * 10**12)
            chip, count = self._again(self.chips), str(2 ** self.chance.randrange(6, 15))
            self._say("Training", sources, trained=model, chip=chip, chipCount=count, trainingTokens=tokens, date=on)
        self.models.append(model)

    def chip(self) -> None:
        chip, maker, day = self._new("chip", "Chip"), self._again(self.companies), self._day()
        sources = self._sources(day)
        self._say("Development", sources, developed=chip, developer=self._again(self.developers))
        rivals = [
            self._state(
                "Fabrication",
                self._sources(day),
                day,
                fabricated=chip,
                fabricator=fabricator,
                process=text("7 nm", "en"),
            )
            for fabricator in dict.fromkeys((maker, self._again(self.companies)))
        ]
        denied = {"fabricated": chip, "fabricator": maker, "polarity": "ctkg:Denied"}
        rivals.append(self._state("Fabrication", self._sources(day), day, **denied))
        if self.chance.random() < 0.3:
            self.world.dispute(
                "Fabrication", rivals[-1:] + rivals[:1], chip.partition(":")[2], ("Who makes it", "由谁制造")
            )
        centre, operator = self._new("centre", "ComputeCentre"), self._again(self.developers)
        self._state("Operation", sources, day, centre=centre, operator=operator)
        count = str(2 ** self.chance.randrange(8, 16))
        self._state("Deployment", sources, day, deployed=chip, centre=centre, chipCount=count)
        for number_format in ("INT8", "FP16")[: self.chance.choice((0, 1, 2)) if self.chips else 2]:
            rate = f"{self.chance.randrange(10, 900)}e12"
            stated = {"specified": chip, "numberFormat": f"ctkg:{number_format}", "operationsPerSecond": rate}
            self._say("ChipPerformance", self._sources(day), **stated)
        asked = {"about": chip, "sought": "ctkg:Release", "observedOn": f'"{DATA_DAY}"^^xsd:date'}
        self._say("Absence", sources, **asked, finding=both("No day was found. Two searches.", "未见日期。检索两次。"))
        self.chips.append(chip)

    def position(self) -> None:
        day = self._day()
        layer = self.chance.choice(("ChipsLayer", "FrameworksLayer", "ModelsLayer", "ApplicationsLayer"))
        side = self.chance.choice(("ChineseSide", "ForeignSide"))
        stands = {"actor": self._again(self.companies), "layer": f"ctkg:{layer}", "side": f"ctkg:{side}"}
        self._state("StackPosition", self._sources(day), day, **stands)

    def dependence(self) -> None:
        day, dependent, on = self._day(), self._again(self.companies), self._again(self.chips)
        claim = both("It trains on chips that it cannot make.", "其训练所用芯片不能自产。")
        self._state("Dependence", self._sources(day), day, dependent=dependent, dependsOn=on, dependenceClaim=claim)

    # rules

    def policy(self) -> None:
        class_ = self.chance.choice(("Regulation", "Plan", "Guideline", "ExportControlRule", "Law"))
        policy, day = self._new("policy", class_), self._day()
        sources = self._sources(day)
        issuers = self._distinct(self.bodies, 1 + int(self.chance.expovariate(0.7)) if self.policies else 3)
        number = text(f"No. {self.chance.randrange(1, 400)}")
        self._say("Issuance", sources, policy=policy, issuer=issuers, date=f'"{day}"^^xsd:date', documentNumber=number)
        for status in ("Draft", "Issued", "InForce", "Suspended")[: self.chance.choice((1, 2, 3, 3, 4))]:
            later = day + timedelta(self.chance.randrange(20, 200))
            self._state("PolicyStatus", sources, day, later, policy=policy, status=f"ctkg:{status}")
            day = min(later, _LAST_DAY)
        self._state("PolicyStatus", sources, day, policy=policy, status="ctkg:InForce")
        if not self.policies or self.chance.random() < 0.3:
            goal = both("Use of intelligent terminals above the share.", "智能终端普及率超过该比例。")
            self._say(
                "Target",
                sources,
                policy=policy,
                target=goal,
                date='"2027"^^xsd:gYear',
                share=str(self.chance.randrange(5, 95)),
            )
        if self.policies and self.chance.random() < 0.6:
            related = self._again(self.policies)
            self._say("PolicyRelation", sources, policy=policy, relation="ctkg:Implements", relatedPolicy=related)
        self.policies.append(policy)
        if self.chance.random() < 0.1:
            self.bodies.append(self._new("actor", "GovernmentBody"))

    def programme(self) -> None:
        policy, day, place = self._new("policy", "SubsidyProgramme"), self._day(), self._again(self.places)
        sources, terms = self._sources(day), {"policy": policy, "place": place, "payer": self._again(self.bodies)}
        self._say("Issuance", sources, policy=policy, issuer=terms["payer"], date=self.world.when(day))
        cap = {"amount": str(self.chance.randrange(1, 50) * 100_000), "currency": text("CNY")}
        self._state("SubsidyTerms", sources, day, **terms, termKind="ctkg:CapPerOrganisation", **cap)
        share, condition = str(self.chance.randrange(10, 60)), both("For contracts of a year.", "合同期一年。")
        self._state(
            "SubsidyTerms", sources, day, **terms, termKind="ctkg:ShareOfCost", share=share, condition=condition
        )
        if self.chance.random() < 0.2:
            self.places.append(self._new("place", "Place"))

    def designation(self) -> None:
        day, policy = self._day(), self._again(self.policies)
        if not self.entities:
            self.entities.append(self._new("actor", "LegalEntity"))
        listed = {"designated": self._again(self.entities), "list": self._again(self.lists), "act": policy}
        citation = text(f"{self.chance.randrange(80, 92)} FR {self.chance.randrange(1000, 90000)}")
        self._state("Designation", self._sources(day), day, **listed, citation=citation)

    def event(self) -> None:
        day, actor = self._day(), self._again(self.companies)
        label = (f"{actor.partition(':')[2]} speaks", f"{actor.partition(':')[2]}发言")
        told = both("It says what it did, and what it will do.", "其说明已做之事与将做之事。")
        lane, category = (
            ("PolicyLane", "DomesticDynamics") if self.chance.random() < 0.4 else ("DevelopmentLane", "TechProgress")
        )
        on = self.world.when(day)
        happened = {"lane": f"ctkg:{lane}", "category": f"ctkg:{category}", "actor": actor, "date": on}
        shown = {"rdfs:label": both(*label), "dcterms:description": told}
        events = [self._say("Event", self._sources(day), **happened, **shown)]
        if self.chance.random() < 0.1:
            events.append(self._say("Event", self._sources(day, fresh=True), **happened, **shown))
            self.world.dispute("Event", events, on[1:5], label)

    # how it is told

    def _say(self, class_: str, sources: list[str], **properties: str | list[str]) -> str:
        return self.world.say(class_, properties, sources)

    def _state(
        self, class_: str, sources: list[str], start: date, end: date | None = None, /, **properties: str | list[str]
    ) -> str:
        """A state from its start: ended where an end is given, else gone on or simply not spoken of again."""
        if end is not None:
            held: Properties = {"from": f'"{start}"^^xsd:date', "until": f'"{end}"^^xsd:date', "endKind": "ctkg:Ended"}
        elif self.chance.random() < 0.5:
            checked = min(start + timedelta(self.chance.randrange(30, 900)), DATA_DAY)
            held = {"from": self.world.when(start), "endKind": "ctkg:Ongoing", "checkedOn": f'"{checked}"^^xsd:date'}
        else:
            held = {"from": self.world.when(start)}
        return self.world.say(class_, {**properties, **held}, sources)

    def _new(self, kind: str, class_: str, *name: str) -> str:
        slug, en, zh = name or self.world.name()
        return self.world.entity(kind, class_, (slug, en, zh))

    def _deal_name(self, home: str, day: date) -> tuple[str, str, str]:
        number = self.world.triples
        return f"{home}-{day:%Y-%m}-{number}", f"{home} round {number}", f"{home}第{number}轮融资"

    def _day(self) -> date:
        """More is told of late than of long ago."""
        span = (_LAST_DAY - _FIRST_DAY).days
        return _LAST_DAY - timedelta(min(int(self.chance.expovariate(3 / span)), span))

    def _sources(self, day: date, *, fresh: bool = False) -> list[str]:
        first = self.world.source(day, fresh=fresh)
        return list(dict.fromkeys((first, self.world.source(day)))) if self.chance.random() < 0.2 else [first]

    def _stage(self, default: str | None) -> str:
        stages = ("Completed",) if default else ("Completed",) * 8 + ("Signed", "Announced", "Rumoured")
        return f"ctkg:{self.chance.choice(stages)}"

    def _again(self, pool: list[str]) -> str:
        """One of the pool; who was named before is the likelier to be named again."""
        found = self.chance.choice(pool)
        pool.append(found)
        return found

    def _distinct(self, pool: list[str], count: int, *without: str | None) -> list[str]:
        found = dict.fromkeys(self._again(pool) for _ in range(4 * count))
        return [name for name in found if name not in without][:count]
