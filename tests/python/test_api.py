"""The table of names, held against Python in both directions; and the words of enumerations."""

import importlib
import keyword
import pathlib
import pkgutil
import re
import unittest

import sspr
from support import REPOSITORY


def table():
    """The Python names of the table. Python 3.9 has no reader of TOML, and the form is fixed."""
    text = (REPOSITORY / "tests/api.toml").read_text("utf-8")
    return re.findall(r'^python = "(.+)"$', text, re.MULTILINE)


def modules():
    found = [module.name for module in pkgutil.iter_modules(sspr.__path__)]
    return sorted(name for name in found if not name.startswith("_"))


def public():
    """Every public name: what a module's `__all__` says."""
    for name in sspr.__all__:
        if name not in modules():
            yield f"sspr.{name}"
    for module in modules():
        for name in importlib.import_module(f"sspr.{module}").__all__:
            yield f"sspr.{module}.{name}"


class Api(unittest.TestCase):
    def test_every_name_of_the_table_is_there(self):
        for path in table():
            module, name = path.rsplit(".", 1)
            self.assertTrue(hasattr(importlib.import_module(module), name), path)

    def test_every_public_name_is_in_the_table(self):
        self.assertEqual(sorted(public()), sorted(table()))

    def test_what_the_extension_has_is_public(self):
        for module in modules():
            native = getattr(sspr._sspr, module, None)
            names = [name for name in dir(native) if not name.startswith("_")]
            self.assertTrue(set(names) <= set(importlib.import_module(f"sspr.{module}").__all__), module)

    def test_modules_are_listed_at_the_top(self):
        self.assertTrue(set(modules()) <= set(sspr.__all__))

    def test_everything_public_is_described(self):
        for path in public():
            module, name = path.rsplit(".", 1)
            value = getattr(importlib.import_module(module), name)
            if name != "__version__":
                self.assertTrue((value.__doc__ or "").strip(), path)
            if isinstance(value, type):
                for attribute in vars(value):
                    self.assertFalse(keyword.iskeyword(attribute), f"{path}.{attribute}")

    def test_classes_know_where_they_are(self):
        for path in public():
            module, name = path.rsplit(".", 1)
            value = getattr(importlib.import_module(module), name)
            if isinstance(value, type) and value.__module__ not in ("sspr._errors",) and module != "sspr":
                self.assertEqual(f"{value.__module__}.{value.__qualname__}", path)

    def test_enumerations_have_the_words_of_rust(self):
        words = sspr._sspr._words()
        self.assertGreater(len(words), 30)
        for module, name, expected in words:
            members = getattr(importlib.import_module(module), name)
            self.assertEqual([member.value for member in members], expected, name)
            for member in members:
                self.assertEqual((str(member), f"{member}"), (member.value, member.value))
                self.assertEqual(hash(member), hash(member.value))

    def test_the_stubs_name_every_class_and_function(self):
        folder = pathlib.Path(sspr.__file__).parent / "_sspr"
        for module in modules():
            stub = (folder / f"{module}.pyi").read_text("utf-8")
            for name in dir(getattr(sspr._sspr, module)):
                if not name.startswith("_"):
                    self.assertRegex(stub, rf"(class|def) {name}\b")


if __name__ == "__main__":
    unittest.main()
