"""Documentation is tested: what exists in the code and has no mention in the pages fails here.

Things are discovered in the code by their form (a module of `profiles` with editions, a class of error, a file in
`gateway/schemes`), not taken from the lists that make the pages.
"""

import importlib
import pkgutil
import re
import shlex
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import get_args

import pytest
import typer
from pydantic import BaseModel

import adapters
import conformance
import gateway
import profiles
import security
from adapters import cli, market_file
from adapters.cli.shell.terminal import Exit
from docs import generate, standards
from gateway.errors import GatewayError
from profiles import codes
from profiles.edition import Edition
from profiles.lexical import IDENTIFIER
from profiles.rules.engine import rules
from profiles.wire import element, elements, one, opt, places

ROOT = Path(__file__).resolve().parent.parent
PACKAGES: list[ModuleType] = [gateway, profiles, adapters, security, conformance]
COMMAND = "gateway.__main__"


def missing(names: Iterable[str], text: str) -> list[str]:
    """Name what a page does not mention as a word of its own."""
    return [name for name in names if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)]


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def modules(packages: Iterable[ModuleType]) -> Iterator[ModuleType]:
    """Import every module of the *packages* but the command itself."""
    for package in packages:
        yield package
        for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if found.name != COMMAND:
                yield importlib.import_module(found.name)


def discovered_documents() -> dict[str, tuple[Edition, ...]]:
    """Find each module of `profiles` that declares editions of a class of its own."""
    found = {module.__name__: getattr(module, "EDITIONS", ()) for module in modules([profiles])}
    return {
        name.rpartition(".")[2]: editions
        for name, editions in found.items()
        if editions and editions[0].document.__module__ == name
    }


def discovered_errors() -> list[str]:
    """Find each class of error that any module of the project declares."""
    return [
        name
        for module in modules(PACKAGES)
        for name, value in vars(module).items()
        if isinstance(value, type) and issubclass(value, GatewayError) and value.__module__ == module.__name__
    ]


def discovered_schemes() -> list[str]:
    """Find each file of a coordination scheme."""
    return [path.stem for path in (ROOT / "gateway" / "schemes").glob("[!_]*.py")]


def discovered_rules() -> list[str]:
    """Find the id of each rule that a file in `profiles/rules` declares."""
    declaration = re.compile(r"\b(?:rule|kept_elsewhere)\(\s*\"([A-Z]+-[0-9]+)\"")
    files = sorted((ROOT / "profiles" / "rules").glob("*.py"))
    return [name for file in files if file.stem != "engine" for name in declaration.findall(file.read_text("utf-8"))]


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Read the generated pages from the files that a build would read."""
    folder = tmp_path_factory.mktemp("generated")
    generate.write(folder)
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in folder.rglob("*.md")}


# ---- what exists is documented


@pytest.mark.parametrize("name", discovered_documents())
def test_a_document_and_its_editions_are_in_the_list(name: str, generated: dict[str, str]) -> None:
    editions = discovered_documents()[name]
    (row,) = [line for line in generated["documents.md"].splitlines() if f"(documents/{name}.md)" in line]
    assert missing([editions[0].root, ", ".join(edition.name for edition in editions)], row) == []


@pytest.mark.parametrize("name", discovered_documents())
def test_the_page_of_a_document_has_every_element_and_namespace(name: str, generated: dict[str, str]) -> None:
    editions = discovered_documents()[name]
    tags = {place.tag for each in elements(editions[0].document) for _, place in places(each)}
    namespaces = {edition.namespace for edition in editions}
    assert missing(sorted(tags | namespaces), generated[f"documents/{name}.md"]) == []


@pytest.mark.parametrize("name", discovered_documents())
def test_the_page_of_a_document_has_its_rules_and_code_lists(name: str, generated: dict[str, str]) -> None:
    document = discovered_documents()[name][0].document
    shown = generated[f"documents/{name}.md"]
    applied = [rule.id for rule in rules().values() if document in rule.documents]
    assert missing(applied, shown.partition("\n## Rules\n")[2]) == []
    named = re.findall(r"\[`(\w+)`\]\(\.\./codes\.md\)", shown)
    assert named
    assert set(named) <= set(codes.names())


def test_every_edition_stands_under_its_standard(generated: dict[str, str]) -> None:
    sections = re.split(r"^### ", generated["standards.md"], flags=re.MULTILINE)
    for name, editions in discovered_documents().items():
        for edition in editions:
            standard = standards.standard_of(edition.namespace)
            (section,) = [section for section in sections if section.startswith(f"{standard}\n")]
            (row,) = [line for line in section.splitlines() if f"(documents/{name.rpartition('.')[2]}.md)" in line]
            assert edition.name in row.split("|")[2].replace(",", "").split()


def test_every_rule_is_counted_once(generated: dict[str, str]) -> None:
    counted = re.findall(
        r"^\| \[(\w+)\]\(rules\.md\) \| (\d+) \| (\d+) \| (\d+) \|", generated["standards.md"], re.MULTILINE
    )
    families = Counter(rule.partition("-")[0] for rule in discovered_rules())
    assert {name: int(number) for name, number, _, _ in counted} == families
    assert all(int(number) == int(checked) + int(kept) for _, number, checked, kept in counted)


def test_every_error_has_its_row(generated: dict[str, str]) -> None:
    errors = set(discovered_errors()) - {GatewayError.__name__}
    assert missing(sorted(errors), generated["errors.md"]) == []


def test_every_rule_has_its_row(generated: dict[str, str]) -> None:
    assert missing(discovered_rules(), generated["rules.md"]) == []


def test_every_market_profile_has_its_row(generated: dict[str, str]) -> None:
    names = [path.stem for path in (ROOT / "profiles" / "markets").glob("*.toml")]
    assert missing(names, generated["markets.md"]) == []
    assert missing(names, page("docs/implemented-standards.md")) == []


def test_every_known_deviation_has_its_section(generated: dict[str, str]) -> None:
    names = [path.stem for path in (ROOT / "profiles" / "quirks").glob("[!_]*.py")]
    assert missing(names, generated["quirks.md"]) == []


@pytest.mark.parametrize("name", discovered_schemes())
def test_a_scheme_has_its_table_and_its_state(name: str, generated: dict[str, str]) -> None:
    assert missing([name], generated["schemes.md"]) == []
    assert missing([name], page("docs/implemented-standards.md")) == []


def settings_tables() -> list[type[BaseModel]]:
    """Find the tables of the market file, outermost first."""
    return tables_within(market_file._File)


def tables_within(model: type[BaseModel]) -> list[type[BaseModel]]:
    inner = [
        kind
        for field in model.model_fields.values()
        for kind in (field.annotation, *get_args(field.annotation))
        if isinstance(kind, type) and issubclass(kind, BaseModel)
    ]
    return [model, *(table for kind in inner for table in tables_within(kind))]


def keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def test_every_table_of_the_market_file_has_its_section() -> None:
    sections = re.findall(r"^## `\[+(\w+)\]+`$", page("docs/reference/market-file.md"), re.MULTILINE)
    assert sections == keys(market_file._File)


def test_every_key_of_the_market_file_has_its_row_and_no_other_has() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", page("docs/reference/market-file.md"), re.MULTILINE)
    assert rows == [key for table in settings_tables()[1:] for key in keys(table)]


def test_the_example_of_the_market_file_is_read() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", page("docs/reference/market-file.md"), re.DOTALL)
    assert len(market_file.read_market(example).market.borders) == 1


def test_the_defaults_of_the_market_file_are_those_that_the_page_shows() -> None:
    least = '[operator]\nid = "10X1001A1001A38Y"\n'
    shown = least
    for section in page("docs/reference/market-file.md").split("\n## ")[1:4]:  # the tables that occur once
        head, _, body = section.partition("\n")
        rows = re.findall(r"^\| `(\w+)` \|.*\| `([^`]+)` \|$", body, re.MULTILINE)
        shown += "".join(
            [head.strip("`") + "\n"] * (head != "`[operator]`") + [f"{key} = {value}\n" for key, value in rows]
        )
    assert len(shown.splitlines()) > len(least.splitlines())
    assert market_file.read_market(shown) == market_file.read_market(least)


def test_there_is_something_to_document() -> None:
    assert discovered_documents()
    assert discovered_errors()
    assert discovered_rules()
    assert discovered_schemes()


def discovered_verbs() -> list[str]:
    """Find each file of a command."""
    return sorted(path.stem for path in (ROOT / "adapters" / "cli").glob("[!_]*.py"))


def listed_verbs(readme: str) -> list[str]:
    """List the verbs in the table of commands of the README."""
    return sorted(re.findall(r"^\| `gateway ([\w-]+)", readme, re.MULTILINE))


def test_the_readme_lists_the_commands_that_exist_and_no_other() -> None:
    assert listed_verbs(page("README.md")) == discovered_verbs()


def test_the_page_of_commands_shows_each(generated: dict[str, str]) -> None:
    assert missing([f"## gateway {verb}" for verb in discovered_verbs()], generated["commands.md"]) == []


def test_the_page_of_commands_tells_each_exit_status() -> None:
    assert re.findall(r"^\| ([0-9]) \|", generate.COMMANDS, re.MULTILINE) == [str(status.value) for status in Exit]


# ---- and what is not documented is found


def planted_command_line() -> typer.Typer:
    app = typer.Typer()

    @app.command()
    def clear(bids: str, scheme: str = "centralised") -> None:
        """Clear a planted market."""

    @app.command()
    def settle(result: str) -> None:
        """Settle a planted result."""

    return app


def test_an_undocumented_command_is_found() -> None:
    readme = "| command | does |\n|---|---|\n| `gateway clear FILE` | clears |"
    assert generate.verbs(planted_command_line()) != listed_verbs(readme) == ["clear"]


def test_the_page_of_commands_shows_their_help() -> None:
    told = generate.commands_page(planted_command_line())
    assert "## gateway clear" in told
    assert "Clear a planted market." in told
    assert "--scheme" in told
    assert "\x1b" not in told


def test_an_undocumented_name_is_found() -> None:
    assert missing(["clear", "settle"], "gateway clear FILE; clear-all; unsettled") == ["settle"]
    assert missing(["7.2"], "7.2-nbm") == ["7.2"]


@element
class Planted:
    """A document that no page names."""

    id: str = one("mRID", IDENTIFIER)
    name: str | None = opt("name", IDENTIFIER)


PLANTED = (
    Edition(document=Planted, name="1.1", root="Planted_MarketDocument", namespace="urn:planted:1:1"),
    Edition(
        document=Planted,
        name="1.0",
        root="Planted_MarketDocument",
        namespace="urn:planted:1:0",
        rename={"mRID": "id"},
        without=frozenset({"name"}),
    ),
)


def test_the_differences_of_an_edition_are_told() -> None:
    told = generate.difference_section(PLANTED[0], PLANTED[1])
    assert "| Planted | `mRID` | `id` 1..1 `ID_String` |" in told
    assert "| Planted | `name` | absent |" in told
    assert "additional: 0..1" in generate.difference_section(PLANTED[1], PLANTED[0])
    assert "The namespace alone." in generate.difference_section(PLANTED[0], PLANTED[0])


def test_an_element_that_moves_to_the_end_is_told() -> None:
    moved = Edition(document=Planted, name="2.0", root="P", namespace="urn:planted:2:0", last=("mRID",))
    assert "| Planted | `mRID` | stands at the end |" in generate.difference_section(PLANTED[0], moved)


def test_a_page_that_is_no_longer_made_is_removed(tmp_path: Path) -> None:
    (tmp_path / "gone.md").write_text("old", encoding="utf-8")
    generate.write(tmp_path)
    assert not (tmp_path / "gone.md").exists()
    assert (tmp_path / "errors.md").exists()


def test_a_page_that_has_not_changed_is_left_alone(tmp_path: Path) -> None:
    generate.write(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.md")}
    generate.write(tmp_path)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.md")} == before


# ---- commands


def commands(text: str) -> list[list[str]]:
    """List the commands in the blocks of a page, each split into its words."""
    blocks = re.findall(r"^ *```\n(.*?)```", text, re.MULTILINE | re.DOTALL)
    lines = [line.strip() for block in blocks for line in block.splitlines()]
    return [shlex.split(line)[1:] for line in lines if line.startswith("gateway ")]


PAGES_WITH_COMMANDS = [
    "docs/tutorial.md",
    *sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("docs/how-to/*.md")),
]


@pytest.mark.parametrize("name", [name for name in PAGES_WITH_COMMANDS if commands(page(name))])
def test_the_commands_of_a_page_do_their_work(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    statuses = {shlex.join(words): cli.run(words) for words in commands(page(name))}
    assert statuses == dict.fromkeys(statuses, Exit.CLEAN)


# ---- links


def local_links(text: str) -> list[str]:
    """List the targets of links in a Markdown page that point to files."""
    targets = re.findall(r"\]\(([^)#\s]+)", text)
    return [target for target in targets if "://" not in target and not target.startswith("mailto:")]


@pytest.mark.parametrize("name", ["README.md", *generate.ROOT_PAGES])
def test_the_links_of_a_page_lead_somewhere(name: str) -> None:
    assert [target for target in local_links(page(name)) if not (ROOT / target).exists()] == []
