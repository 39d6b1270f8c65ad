// Reads ontologies (RDF/XML) and prints what HermiT and the OWL API's profile checkers find, one finding a line:
//
//     <file> TAB consistent | inconsistent | refused
//     <file> TAB unsatisfiable TAB <class>
//     <file> TAB OWL 2 DL | OWL 2 RL TAB <kind of violation> TAB <the axiom>
//
// Run from its source, by tests/test_ontology.py:  java -cp HermiT.jar Prove.java FILE …
// A file whose name begins with "data" is only tested for consistency: dates are outside of OWL 2 DL.

import java.io.File;

import org.semanticweb.HermiT.Configuration;
import org.semanticweb.HermiT.Reasoner;
import org.semanticweb.owlapi.apibinding.OWLManager;
import org.semanticweb.owlapi.model.OWLClass;
import org.semanticweb.owlapi.model.OWLOntology;
import org.semanticweb.owlapi.profiles.OWL2DLProfile;
import org.semanticweb.owlapi.profiles.OWL2RLProfile;
import org.semanticweb.owlapi.profiles.OWLProfile;
import org.semanticweb.owlapi.profiles.OWLProfileViolation;

public class Prove {
    public static void main(String[] paths) throws Exception {
        for (String path : paths) {
            File file = new File(path);
            OWLOntology ontology = OWLManager.createOWLOntologyManager().loadOntologyFromOntologyDocument(file);
            reason(file.getName(), ontology);
            if (!file.getName().startsWith("data")) {
                judge(file.getName(), ontology, new OWL2DLProfile());
                judge(file.getName(), ontology, new OWL2RLProfile());
            }
        }
    }

    static void reason(String name, OWLOntology ontology) {
        Configuration configuration = new Configuration();
        configuration.ignoreUnsupportedDatatypes = true; // xsd:date and its like
        Reasoner reasoner;
        try {
            reasoner = new Reasoner(configuration, ontology);
        } catch (IllegalArgumentException error) { // outside of DL, as the profile checker says below
            say(name, "refused");
            return;
        }
        boolean consistent = reasoner.isConsistent();
        say(name, consistent ? "consistent" : "inconsistent");
        if (consistent) {
            for (OWLClass class_ : reasoner.getUnsatisfiableClasses().getEntitiesMinusBottom()) {
                say(name, "unsatisfiable", class_.getIRI().toString());
            }
        }
    }

    static void judge(String name, OWLOntology ontology, OWLProfile profile) {
        for (OWLProfileViolation violation : profile.checkOntology(ontology).getViolations()) {
            String axiom = String.valueOf(violation.getAxiom()).replaceAll("\\s+", " ");
            say(name, profile.getName().replace("_", " "), violation.getClass().getSimpleName(), axiom);
        }
    }

    static void say(String... words) {
        System.out.println(String.join("\t", words));
    }
}
