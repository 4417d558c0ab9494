"""The shape of the code: floors, doors and sizes, read from every import and every line."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "klaviyo_admin"

# From the top down. A module may import from lower floors and from its own package, never sideways or up.
FLOORS = [
    {"pages", "management"},
    {"imports", "exports", "reports"},
    {"areas", "changes", "console"},
    {"api", "notices"},
    {"accounts"},
    {"audit", "jobs", "intents"},
    {"sealing", "budgets", "outgoing"},
    {"sandbox"},
    {"klaviyo"},
]
# The top of the package itself: wiring that Django looks for by name.
WIRING = {"settings", "urls", "wsgi", "apps", "__init__"}
LEVEL = {name: len(FLOORS) - number for number, floor in enumerate(FLOORS) for name in floor}
NO_DJANGO = {"klaviyo", "sandbox"}
SANDBOX_MAY = ("klaviyo_admin.klaviyo.catalogue", "klaviyo_admin.klaviyo.values", "klaviyo_admin.sandbox")

Import = tuple[str, str, int]  # the module that imports, what it imports, the line


def modules() -> Iterator[tuple[str, Path]]:
    for path in sorted((ROOT / PACKAGE).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imports(name: str, source: str) -> Iterator[Import]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield name, alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield name, f"{node.module}.{alias.name}", node.lineno


def part(module: str) -> str:
    """The floor-dweller a module belongs to: klaviyo_admin.areas.lists.forms -> areas."""
    names = module.split(".")
    return names[1] if len(names) > 1 else "__init__"


def breach(name: str, imported: str) -> str | None:
    """What is wrong with one import, or None."""
    mine, top = part(name), imported.split(".")[0]
    if mine in NO_DJANGO and top == "django":
        return "knows Django"
    if top == "httpx" and mine != "klaviyo":
        return "httpx is the klaviyo floor's alone"
    if top == "django_q" and mine != "jobs":
        return "django_q is for jobs.py alone"
    if imported.endswith(".client.Writer") and name not in ("klaviyo_admin.api", "klaviyo_admin.changes.execution"):
        return "a Writer is for api.py and changes/execution.py alone"
    if top != PACKAGE or mine in WIRING:
        return None
    theirs = part(imported)
    if mine == "sandbox":
        return None if imported.startswith(SANDBOX_MAY) else "the sandbox knows the catalogue alone"
    if theirs == "sandbox" and mine != "management":
        return "only the shell's door opens the sandbox"
    if mine == theirs or theirs in WIRING - {"urls", "wsgi", "apps"}:
        return None
    if theirs not in LEVEL or mine not in LEVEL:
        return "stands on no floor"
    return None if LEVEL[theirs] < LEVEL[mine] else "points up or sideways"


def inner_imports(name: str, source: str) -> Iterator[Import]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Import | ast.ImportFrom):
                    yield name, "an import inside a function", inner.lineno


def test_imports_point_down() -> None:
    breaches = [
        f"{name}:{line} imports {imported}: {why}"
        for module, path in modules()
        if "migrations" not in module
        for name, imported, line in imports(module, path.read_text())
        if (why := breach(name, imported))
    ]
    assert not breaches, "\n".join(breaches)


def test_no_import_hides_inside_a_function() -> None:
    hidden = [
        f"{n}:{line} {what}" for module, path in modules() for n, what, line in inner_imports(module, path.read_text())
    ]
    assert not hidden, "\n".join(hidden)


@pytest.mark.parametrize(
    ("name", "imported"),
    [
        ("klaviyo_admin.areas.lists.service", "klaviyo_admin.changes.models.Change"),
        ("klaviyo_admin.changes.execution", "klaviyo_admin.areas.base.Action"),
        ("klaviyo_admin.audit.log", "klaviyo_admin.accounts.models.Person"),
        ("klaviyo_admin.klaviyo.client", "django.conf.settings"),
        ("klaviyo_admin.sandbox.service", "klaviyo_admin.klaviyo.client.Reader"),
        ("klaviyo_admin.pages.changes", "klaviyo_admin.klaviyo.client.Writer"),
        ("klaviyo_admin.pages.changes", "klaviyo_admin.management.processes.Together"),
        ("klaviyo_admin.changes.sweep", "django_q.tasks.async_task"),
        ("klaviyo_admin.pages.areas", "httpx.Client"),
        ("klaviyo_admin.pages.areas", "klaviyo_admin.sandbox.service.Sandbox"),
    ],
)
def test_a_breach_of_the_floors_is_noticed(name: str, imported: str) -> None:
    assert breach(name, imported)


def test_a_hidden_import_is_noticed() -> None:
    assert list(inner_imports("x", "def f():\n    import os\n    return os\n"))


def test_account_keys_are_read_in_api_alone() -> None:
    readers = [
        m
        for m, path in modules()
        if re.search(r"\.sealed_key\b(?!\s*=[^=])", path.read_text()) and "migrations" not in m
    ]
    assert set(readers) <= {"klaviyo_admin.api"}, readers


LIMITS = {".py": 300, ".html": 80}


def too_long(path: Path, text: str) -> bool:
    return text.count("\n") > LIMITS[path.suffix]


def source_files() -> list[Path]:
    found = [p for folder in (PACKAGE, "templates", "tests") for p in (ROOT / folder).rglob("*") if p.suffix in LIMITS]
    return [p for p in found if "migrations" not in p.parts]


def test_files_are_short() -> None:
    long = [f"{p.relative_to(ROOT)}" for p in source_files() if too_long(p, p.read_text())]
    assert not long, long
    assert too_long(Path("a.py"), "\n" * 301)


def long_functions(source: str, limit: int, view_limit: int) -> Iterator[str]:
    """Functions over their limit; of a view (it returns a response) the lines below its docstring count."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or not node.end_lineno:
            continue
        length = node.end_lineno - node.lineno + 1
        is_view = bool(node.returns) and "Response" in ast.unparse(node.returns)
        body = node.body[1:] if ast.get_docstring(node) else node.body
        if length > limit or (is_view and body and node.end_lineno - body[0].lineno + 1 > view_limit):
            yield f"{node.name} ({length} lines)"


def test_functions_are_short() -> None:
    found = [
        f"{module}.{name}"
        for module, path in modules()
        if "migrations" not in module
        for name in long_functions(path.read_text(), 50, 15 if part(module) == "pages" else 50)
    ]
    assert not found, found
    assert list(long_functions("def f():\n" + "    x = 1\n" * 60, 50, 15))
    assert list(long_functions("def f(request) -> HttpResponse:\n" + "    x = 1\n" * 16, 50, 15))


def test_every_module_says_what_it_alone_knows() -> None:
    silent = [
        m
        for m, p in modules()
        if "migrations" not in m and p.read_text().strip() and not ast.get_docstring(ast.parse(p.read_text()))
    ]
    assert not silent, silent


def test_every_template_states_its_context() -> None:
    silent = [
        str(p.relative_to(ROOT)) for p in (ROOT / "templates").rglob("*.html") if not p.read_text().startswith("{# ")
    ]
    assert not silent, silent


def test_parts_extend_nothing_and_pages_do() -> None:
    wrong = []
    for path in (ROOT / "templates").rglob("*.html"):
        extends = "{% extends" in path.read_text()
        if extends == path.name.startswith("_") and extends:
            wrong.append(str(path.relative_to(ROOT)))
    assert not wrong, wrong


def test_nothing_names_a_registry_or_a_folder_outside() -> None:
    words = re.compile(
        "|".join(["pypi" + r"\.org", "python" + "hosted", "registry" + r"\.npmjs", r"\.\./" + "shared", "/wo" + "rk/"])
    )
    built = {"node_modules", "var", "staticfiles", "vendor", "__pycache__"}
    kinds = {".py", ".html", ".md", ".txt", ".json", ".toml", ".js", ".css", ""}
    found = [
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*")
        if path.is_file() and path.suffix in kinds and not ours_not(path.relative_to(ROOT), built)
        if words.search(path.read_text(errors="ignore"))
    ]
    assert not found, found


def ours_not(path: Path, built: set[str]) -> bool:
    return bool(built & set(path.parts)) or any(
        p.startswith(".") and p not in (".ci", ".gitignore") for p in path.parts
    )
