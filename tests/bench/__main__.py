"""`make bench`: every benchmark of this folder, each a line with its figures, ratios within one run."""

import importlib
import pkgutil
import sys

import tests.bench


def main() -> None:
    wanted = sys.argv[1:]
    for module in pkgutil.iter_modules(tests.bench.__path__):
        if module.name.startswith("_") or (wanted and module.name not in wanted):
            continue
        for name, measure in importlib.import_module(f"tests.bench.{module.name}").entries():
            print(f"{module.name:<12} {name:<44} {measure()}", flush=True)  # noqa: T201 this is the report


main()
