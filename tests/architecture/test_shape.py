"""Sizes, names and habits that keep the code readable."""

import ast
import re

import pytest

from .tree import ROOT, Module, called, calls, functions, lines_of, modules

LONGEST_FILE = {"clinic": 400, "accounts": 400, "plans": 400, "benchmarks": 400, "tests": 600}
LONGEST_FUNCTION = 60
LONGEST_VIEW = 30
LONGEST_TASK = 12
NAMELESS = {"utils", "util", "helpers", "helper", "services", "constants", "common", "misc", "shared"}
OWN = ("clinic", "accounts", "plans")


@pytest.mark.parametrize("folder", LONGEST_FILE)
def test_no_file_is_too_long_to_read_at_once(folder):
    sizes = {
        path.relative_to(ROOT).as_posix(): len(path.read_text().splitlines())
        for path in (ROOT / folder).rglob("*.py")
        if "migrations" not in path.parts
    }
    assert {name: size for name, size in sizes.items() if size > LONGEST_FILE[folder]} == {}


def too_long(limit: int, layers: set[str] | None = None) -> list[str]:
    return [
        f"{module.name}:{function.name} has {lines_of(function)} lines"
        for module in modules()
        if layers is None or module.layer in layers
        for function in functions(module.tree)
        if lines_of(function) > limit
    ]


def test_no_function_is_longer_than_a_screen():
    assert too_long(LONGEST_FUNCTION) == []


def test_a_view_is_a_sentence():
    assert too_long(LONGEST_VIEW, {"views"}) == []


def test_a_task_reads_the_clock_and_calls_one_action():
    assert too_long(LONGEST_TASK, {"tasks"}) == []


def test_every_module_is_named_by_the_domain():
    assert [module.name for module in modules() if module.path.stem in NAMELESS] == []
    assert [module.name for module in modules() if NAMELESS & set(module.path.parent.parts[-2:])] == []


def test_nothing_reacts_by_signal():
    found = [
        f"{module.name}:{node.lineno}"
        for module in modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom)
        if re.search(r"(^|\.)(signals|dispatch)$", node.module or "")
    ]
    assert found == []


def test_no_task_runs_inside_its_caller():
    found = [
        module.name
        for module in modules()
        if "always_eager" in module.text.lower() and module.name != "clinic/checks.py"  # which refuses it
    ]
    tests = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "tests").rglob("*.py")
        if "always_eager" in path.read_text().lower()
    ]
    assert found == []
    assert [name for name in tests if not name.startswith(("tests/architecture/", "tests/clinic/test_checks"))] == []


def test_due_times_live_in_rows_and_not_in_the_broker():
    found = [
        f"{module.name}:{node.lineno}"
        for module in modules()
        for node in calls(module.tree)
        for keyword in node.keywords
        if keyword.arg in {"eta", "countdown"}
    ]
    assert found == []


def test_imports_stand_at_the_top():
    found = [
        f"{module.name}:{node.lineno}"
        for module in modules()
        if module.path.name != "apps.py"
        for function in functions(module.tree)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names])
        if name.split(".")[0] in OWN or (isinstance(node, ast.ImportFrom) and node.level)
    ]
    assert found == []


def test_no_import_is_for_types_alone():
    """A type-only import upward is an arrow all the same."""
    assert [module.name for module in modules() if "TYPE_CHECKING" in module.text] == []


CLOCKS = {
    ("timezone", "now"),
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("date", "today"),
    ("timezone", "localdate"),
}
WITHOUT_A_CLOCK = {"rules", "querysets", "drawings", "models", "actions", "forms", "delivery"}


def test_only_doors_read_the_clock():
    found = [
        f"{module.name}:{node.lineno}"
        for module in modules()
        if module.layer in WITHOUT_A_CLOCK
        for node in calls(module.tree)
        if isinstance(node.func, ast.Attribute)
        for owner in [node.func.value]
        if (owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", ""), node.func.attr) in CLOCKS
    ]
    assert found == []


def exported(module: Module) -> set[str]:
    """What a package of actions offers to the doors: the names its __init__ takes from its chapters."""
    init = module.path.parent / "__init__.py"
    if module.path.name == "actions.py":
        return {node.name for node in module.tree.body if isinstance(node, ast.FunctionDef)}
    imports = [node for node in Module(init).tree.body if isinstance(node, ast.ImportFrom)]
    return {alias.name for node in imports for alias in node.names}


def test_actions_take_their_arguments_by_name():
    found = [
        f"{module.name}:{function.name}"
        for module in modules()
        if module.layer == "actions"
        for function in module.tree.body
        if isinstance(function, ast.FunctionDef) and function.name in exported(module)
        if {"by", "now"} & {argument.arg for argument in function.args.args}
    ]
    assert found == []


def test_nothing_is_printed_but_by_commands_and_the_launcher():
    allowed = re.compile(r"management/commands/|^clinic/running/")
    found = [
        f"{module.name}:{node.lineno}"
        for module in modules()
        if not allowed.search(module.name)
        for node in calls(module.tree)
        if called(node) == "print"
    ]
    assert found == []
