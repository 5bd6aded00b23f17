"""arXiv's categories: their codes and their names."""

from collections.abc import Iterable
from functools import cache

_NAMES = {
    "astro-ph": "Astrophysics",
    "astro-ph.CO": "Cosmology and Nongalactic Astrophysics",
    "astro-ph.EP": "Earth and Planetary Astrophysics",
    "astro-ph.GA": "Astrophysics of Galaxies",
    "astro-ph.HE": "High Energy Astrophysical Phenomena",
    "astro-ph.IM": "Instrumentation and Methods for Astrophysics",
    "astro-ph.SR": "Solar and Stellar Astrophysics",
    "cond-mat": "Condensed Matter",
    "cond-mat.dis-nn": "Disordered Systems and Neural Networks",
    "cond-mat.mes-hall": "Mesoscale and Nanoscale Physics",
    "cond-mat.mtrl-sci": "Materials Science",
    "cond-mat.other": "Other Condensed Matter",
    "cond-mat.quant-gas": "Quantum Gases",
    "cond-mat.soft": "Soft Condensed Matter",
    "cond-mat.stat-mech": "Statistical Mechanics",
    "cond-mat.str-el": "Strongly Correlated Electrons",
    "cond-mat.supr-con": "Superconductivity",
    "cs": "Computer Science",
    "cs.AI": "Artificial Intelligence",
    "cs.AR": "Hardware Architecture",
    "cs.CC": "Computational Complexity",
    "cs.CE": "Computational Engineering, Finance, and Science",
    "cs.CG": "Computational Geometry",
    "cs.CL": "Computation and Language",
    "cs.CR": "Cryptography and Security",
    "cs.CV": "Computer Vision and Pattern Recognition",
    "cs.CY": "Computers and Society",
    "cs.DB": "Databases",
    "cs.DC": "Distributed, Parallel, and Cluster Computing",
    "cs.DL": "Digital Libraries",
    "cs.DM": "Discrete Mathematics",
    "cs.DS": "Data Structures and Algorithms",
    "cs.ET": "Emerging Technologies",
    "cs.FL": "Formal Languages and Automata Theory",
    "cs.GL": "General Literature",
    "cs.GR": "Graphics",
    "cs.GT": "Computer Science and Game Theory",
    "cs.HC": "Human-Computer Interaction",
    "cs.IR": "Information Retrieval",
    "cs.IT": "Information Theory",
    "cs.LG": "Machine Learning",
    "cs.LO": "Logic in Computer Science",
    "cs.MA": "Multiagent Systems",
    "cs.MM": "Multimedia",
    "cs.MS": "Mathematical Software",
    "cs.NA": "Numerical Analysis",
    "cs.NE": "Neural and Evolutionary Computing",
    "cs.NI": "Networking and Internet Architecture",
    "cs.OH": "Other Computer Science",
    "cs.OS": "Operating Systems",
    "cs.PF": "Performance",
    "cs.PL": "Programming Languages",
    "cs.RO": "Robotics",
    "cs.SC": "Symbolic Computation",
    "cs.SD": "Sound",
    "cs.SE": "Software Engineering",
    "cs.SI": "Social and Information Networks",
    "cs.SY": "Systems and Control",
    "econ": "Economics",
    "econ.EM": "Econometrics",
    "econ.GN": "General Economics",
    "econ.TH": "Theoretical Economics",
    "eess": "Electrical Engineering and Systems Science",
    "eess.AS": "Audio and Speech Processing",
    "eess.IV": "Image and Video Processing",
    "eess.SP": "Signal Processing",
    "eess.SY": "Systems and Control",
    "gr-qc": "General Relativity and Quantum Cosmology",
    "hep-ex": "High Energy Physics, Experiment",
    "hep-lat": "High Energy Physics, Lattice",
    "hep-ph": "High Energy Physics, Phenomenology",
    "hep-th": "High Energy Physics, Theory",
    "math": "Mathematics",
    "math-ph": "Mathematical Physics",
    "math.AC": "Commutative Algebra",
    "math.AG": "Algebraic Geometry",
    "math.AP": "Analysis of PDEs",
    "math.AT": "Algebraic Topology",
    "math.CA": "Classical Analysis and ODEs",
    "math.CO": "Combinatorics",
    "math.CT": "Category Theory",
    "math.CV": "Complex Variables",
    "math.DG": "Differential Geometry",
    "math.DS": "Dynamical Systems",
    "math.FA": "Functional Analysis",
    "math.GM": "General Mathematics",
    "math.GN": "General Topology",
    "math.GR": "Group Theory",
    "math.GT": "Geometric Topology",
    "math.HO": "History and Overview",
    "math.IT": "Information Theory",
    "math.KT": "K-Theory and Homology",
    "math.LO": "Logic",
    "math.MG": "Metric Geometry",
    "math.MP": "Mathematical Physics",
    "math.NA": "Numerical Analysis",
    "math.NT": "Number Theory",
    "math.OA": "Operator Algebras",
    "math.OC": "Optimization and Control",
    "math.PR": "Probability",
    "math.QA": "Quantum Algebra",
    "math.RA": "Rings and Algebras",
    "math.RT": "Representation Theory",
    "math.SG": "Symplectic Geometry",
    "math.SP": "Spectral Theory",
    "math.ST": "Statistics Theory",
    "nlin": "Nonlinear Sciences",
    "nlin.AO": "Adaptation and Self-Organizing Systems",
    "nlin.CD": "Chaotic Dynamics",
    "nlin.CG": "Cellular Automata and Lattice Gases",
    "nlin.PS": "Pattern Formation and Solitons",
    "nlin.SI": "Exactly Solvable and Integrable Systems",
    "nucl-ex": "Nuclear Experiment",
    "nucl-th": "Nuclear Theory",
    "physics": "Physics",
    "physics.acc-ph": "Accelerator Physics",
    "physics.ao-ph": "Atmospheric and Oceanic Physics",
    "physics.app-ph": "Applied Physics",
    "physics.atm-clus": "Atomic and Molecular Clusters",
    "physics.atom-ph": "Atomic Physics",
    "physics.bio-ph": "Biological Physics",
    "physics.chem-ph": "Chemical Physics",
    "physics.class-ph": "Classical Physics",
    "physics.comp-ph": "Computational Physics",
    "physics.data-an": "Data Analysis, Statistics and Probability",
    "physics.ed-ph": "Physics Education",
    "physics.flu-dyn": "Fluid Dynamics",
    "physics.gen-ph": "General Physics",
    "physics.geo-ph": "Geophysics",
    "physics.hist-ph": "History and Philosophy of Physics",
    "physics.ins-det": "Instrumentation and Detectors",
    "physics.med-ph": "Medical Physics",
    "physics.optics": "Optics",
    "physics.plasm-ph": "Plasma Physics",
    "physics.pop-ph": "Popular Physics",
    "physics.soc-ph": "Physics and Society",
    "physics.space-ph": "Space Physics",
    "q-bio": "Quantitative Biology",
    "q-bio.BM": "Biomolecules",
    "q-bio.CB": "Cell Behavior",
    "q-bio.GN": "Genomics",
    "q-bio.MN": "Molecular Networks",
    "q-bio.NC": "Neurons and Cognition",
    "q-bio.OT": "Other Quantitative Biology",
    "q-bio.PE": "Populations and Evolution",
    "q-bio.QM": "Quantitative Methods",
    "q-bio.SC": "Subcellular Processes",
    "q-bio.TO": "Tissues and Organs",
    "q-fin": "Quantitative Finance",
    "q-fin.CP": "Computational Finance",
    "q-fin.EC": "Economics",
    "q-fin.GN": "General Finance",
    "q-fin.MF": "Mathematical Finance",
    "q-fin.PM": "Portfolio Management",
    "q-fin.PR": "Pricing of Securities",
    "q-fin.RM": "Risk Management",
    "q-fin.ST": "Statistical Finance",
    "q-fin.TR": "Trading and Market Microstructure",
    "quant-ph": "Quantum Physics",
    "stat": "Statistics",
    "stat.AP": "Applications of Statistics",
    "stat.CO": "Statistical Computation",
    "stat.ME": "Methodology of Statistics",
    "stat.ML": "Machine Learning in Statistics",
    "stat.OT": "Other Statistics",
    "stat.TH": "Statistics Theory",
}

_OF_ARCHIVES = {
    archive: tuple(code for code in _NAMES if code.startswith(f"{archive}."))
    for archive in {code.partition(".")[0] for code in _NAMES}
}
_WRITTEN = {code.lower(): code for code in _NAMES}


def written(key: str) -> str:
    """A category as arXiv writes it (`cs.lg` -> `cs.LG`); an unknown one is returned unchanged."""
    return _WRITTEN.get(key.lower(), key)


def subclasses(key: str) -> tuple[str, ...]:
    """The categories of arXiv that papers of one may have: itself, or those of an archive; none for an unknown one.

    >>> subclasses("q-bio.bm"), len(subclasses("q-bio"))
    (('q-bio.BM',), 11)
    """
    code = written(key)
    if code not in _NAMES:
        return ()
    return (code, *_OF_ARCHIVES.get(code, ()))


def spelled_out(categories: Iterable[str]) -> tuple[str, ...]:
    """The categories that some of arXiv's archives and categories come to; `all` is every one there is.

    >>> spelled_out(["q-bio", "cs.LG"])[-2:], len(spelled_out(["all"])) > 150
    (('q-bio.TO', 'cs.LG'), True)
    """
    found: dict[str, None] = {}
    for category in categories:
        codes = tuple(_NAMES) if category.lower() == "all" else subclasses(category)
        found |= dict.fromkeys(codes or (category,))
    return tuple(found)


def archives(categories: Iterable[str]) -> tuple[str, ...]:
    """Archives and categories as few as can be: an archive for all of its categories.

    >>> archives(["q-fin.CP", *subclasses("econ")])
    ('q-fin.CP', 'econ')
    """
    known = dict.fromkeys(categories)
    whole = {code.partition(".")[0] for code in known if known.keys() >= set(subclasses(code.partition(".")[0]))}
    return tuple(dict.fromkeys(code.partition(".")[0] if code.partition(".")[0] in whole else code for code in known))


def called(key: str) -> str:
    """The name of a category (`cs.lg` -> `Machine Learning`); empty for an unknown one."""
    return _NAMES.get(written(key), "")


_ALSO_CALLED = {
    "natural language processing": ("cs.CL",),
    "nlp": ("cs.CL",),
    "computational linguistics": ("cs.CL",),
    "computer vision": ("cs.CV",),
    "pattern recognition": ("cs.CV",),
    "cryptography": ("cs.CR",),
    "security": ("cs.CR",),
    "ai": ("cs.AI",),
    "machine learning": ("cs.LG", "stat.ML"),
    "algorithms": ("cs.DS",),
    "data structures": ("cs.DS",),
    "cosmology": ("astro-ph.CO",),
    "neuroscience": ("q-bio.NC",),
    "bioinformatics": ("q-bio.GN", "q-bio.QM"),
    "signal processing": ("eess.SP",),
    "pdes": ("math.AP",),
    "partial differential equations": ("math.AP",),
    "game theory": ("cs.GT",),
    "optimal control": ("math.OC",),
}
"""What people call fields whose names at arXiv are longer or others."""


@cache
def _by_name() -> dict[str, tuple[str, ...]]:
    named: dict[str, tuple[str, ...]] = {}
    for code, name in _NAMES.items():
        within = tuple(other for other in _NAMES if other.startswith(f"{code}."))
        named[name.casefold()] = (*named.get(name.casefold(), ()), code, *within)
    return {**named, **_ALSO_CALLED}


def codes_of(name: str) -> tuple[str, ...]:
    """The categories that the name or code of a field means (`robotics`, `cs.ro` -> `cs.RO`), subclasses included.

    None for what is no field.
    """
    typed = " ".join(name.split())
    return _by_name().get(typed.casefold()) or subclasses(typed)
