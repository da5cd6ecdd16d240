"""Parses PowerShell files with a grammar and fails on the first syntax error."""

import sys

import tree_sitter
import tree_sitter_powershell


def errors(node):
    if node.type == "ERROR" or node.is_missing:
        yield node
    for child in node.children:
        yield from errors(child)


def main(paths):
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))
    failed = False
    for path in paths:
        with open(path, "rb") as file:
            tree = parser.parse(file.read())
        for node in errors(tree.root_node):
            row, column = node.start_point
            print(f"{path}:{row + 1}:{column + 1}: not PowerShell", file=sys.stderr)
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
