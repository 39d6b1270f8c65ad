"use strict";
const graph = JSON.parse(document.getElementById("data").textContent);
const at = (id) => document.getElementById(id);
const svg = document.querySelector("main svg");
const told = at("told");

function add(parent, name, text, href) {
  const element = document.createElement(name);
  if (text !== undefined) element.textContent = text;
  if (href && /^https?:/.test(href)) Object.assign(element, { href, target: "_blank", rel: "noopener noreferrer" });
  parent.append(element);
  return element;
}

function showNode(n) {
  const node = graph.nodes[n];
  told.replaceChildren();
  add(told, "h2", node.names.join(" · "));
  add(told, "div", node.type).className = "hint";
  add(told, "a", node.iri, node.iri);
  for (const [k, line] of graph.lines.entries())
    if ((line.source === n || line.target === n) && !at(`line-${k}`).classList.contains("gone")) {
      const entry = add(told, "p", `${graph.nodes[line.source].names[0]} → ${graph.nodes[line.target].names[0]}: ${line.kind}`);
      entry.onclick = () => showLine(k);
    }
}

function showLine(n) {
  const line = graph.lines[n];
  told.replaceChildren();
  add(told, "h2", `${graph.nodes[line.source].names[0]} → ${graph.nodes[line.target].names[0]}: ${line.kind}`);
  for (const edge of line.edges) {
    const facts = add(told, "dl");
    for (const [name, value] of Object.entries(edge.facts)) {
      add(facts, "dt", name.replace(/_en$/, "").replaceAll("_", " "));
      add(facts, "dd", value);
    }
    for (const statement of edge.statements) add(add(told, "div"), "a", statement, statement);
    for (const source of edge.sources) add(add(told, "div"), "a", ...graph.sources[source]);
  }
}

function filter() {
  const [from, until] = [at("from").value, at("until").value];
  let shown = 0;
  const used = new Set();
  for (const [n, line] of graph.lines.entries()) {
    // a link without an end is an occurrence, or goes on: it is there from its first day
    const holds = line.edges.some((e) => (!until || !e.start || e.start <= until) && (!from || (e.end ? e.end > from : e.facts.end_earliest !== undefined || !e.start || e.start >= from)));
    at(`line-${n}`).classList.toggle("gone", !holds);
    at(`label-${n}`)?.classList.toggle("gone", !holds);
    if (holds) { shown += 1; used.add(line.source).add(line.target); }
  }
  for (const n of graph.nodes.keys()) at(`node-${n}`).classList.toggle("faint", !used.has(n));
  at("count").textContent = `${shown} / ${graph.lines.length}`;
}

function search() {
  const wanted = at("search").value.trim().toLowerCase();
  for (const [n, node] of graph.nodes.entries())
    at(`node-${n}`).classList.toggle("found", wanted !== "" && node.names.some((name) => name.toLowerCase().includes(wanted)));
}

for (const n of graph.nodes.keys()) at(`node-${n}`).onpointerenter = () => showNode(n);
for (const n of graph.lines.keys()) {
  at(`line-${n}`).onpointerenter = () => showLine(n);
  if (at(`label-${n}`)) at(`label-${n}`).onpointerenter = () => showLine(n);
}
at("search").oninput = search;
at("from").oninput = at("until").oninput = filter;

let [x, y, width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
const look = () => svg.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
svg.onwheel = (event) => {
  event.preventDefault();
  const zoom = event.deltaY > 0 ? 1.15 : 1 / 1.15;
  const frame = svg.getBoundingClientRect();
  const [left, top] = [(event.clientX - frame.left) / frame.width, (event.clientY - frame.top) / frame.height];
  x += width * left * (1 - zoom);
  y += height * top * (1 - zoom);
  width *= zoom;
  height *= zoom;
  look();
};
svg.onpointermove = (event) => {
  if (event.buttons !== 1) return;
  const scale = Math.max(width / svg.clientWidth, height / svg.clientHeight);
  x -= event.movementX * scale;
  y -= event.movementY * scale;
  look();
};
filter();
