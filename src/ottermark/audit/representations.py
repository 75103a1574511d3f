"""Other types for the same value, and other ways to define the same function.

The templates are code in which ``VALUE`` stands for the value, and ``PLAIN`` for a function that
is right already, ``NAME`` for its name in the answer.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

_INTEGERS = "[int(side) for side in VALUE]"
PAIR = {
    "list": "list(VALUE)",
    "tuple": "tuple(VALUE)",
    "array": f"np.array({_INTEGERS})",
    "array of floats": "np.asarray(VALUE, dtype=float)",
    "small integers": f"np.array({_INTEGERS}, dtype='int16')",
    "floats": "[float(side) for side in VALUE]",
    "NumPy numbers": "tuple(np.int64(side) for side in VALUE)",
    "arrays without axes": "[np.array(int(side)) for side in VALUE]",
    "fractions": "tuple(Fraction(int(side)) for side in VALUE)",
    "decimals": "[Decimal(int(side)) for side in VALUE]",
    "Series": f"pd.Series({_INTEGERS})",
    "tensor": f"keras.ops.convert_to_tensor({_INTEGERS})",
    "constant of TensorFlow": f"tf.constant({_INTEGERS}, tf.float32)",
    "TensorShape": f"tf.TensorShape({_INTEGERS})",
}
NUMBER = {
    "float": "float(np.squeeze(VALUE))",
    "NumPy number": "np.float64(VALUE)",
    "single precision": "np.float32(VALUE)",
    "array without axes": "np.array(VALUE)",
    "array of one": "np.array([VALUE]).reshape(1)",
    "fraction": "Fraction(float(np.squeeze(VALUE)))",
    "decimal": "Decimal(float(np.squeeze(VALUE)))",
    "tensor": "keras.ops.convert_to_tensor(float(np.squeeze(VALUE)))",
}
WHOLE = {
    **NUMBER,
    "int": "int(np.squeeze(VALUE))",
    "NumPy integer": "np.int64(VALUE)",
    "short integer": "np.int32(VALUE)",
    "unsigned integer": "np.uint16(VALUE)",
    "constant of TensorFlow": "tf.constant(int(np.squeeze(VALUE)))",
}
ARRAY = {
    "lists": "np.asarray(VALUE).tolist()",
    "tuples": "tuple(map(tuple, np.asarray(VALUE)))",
    "rows": "list(np.asarray(VALUE))",
    "DataFrame": "pd.DataFrame(np.asarray(VALUE))",
    "tensor": "keras.ops.convert_to_tensor(np.asarray(VALUE))",
    "constant of TensorFlow": "tf.constant(np.asarray(VALUE))",
    "order of Fortran": "np.asfortranarray(VALUE)",
    "double precision": "np.array(VALUE, dtype='float64')",
}
DICT = {
    "another order": "dict(reversed(list(VALUE.items())))",
    "floats": "{key: float(np.ravel(value)[0]) for key, value in VALUE.items()}",
    "NumPy numbers": "{key: np.float64(np.ravel(value)[0]) for key, value in VALUE.items()}",
    "single precision": "{key: np.float32(np.ravel(value)[0]) for key, value in VALUE.items()}",
    "arrays without axes": "{key: np.array(np.ravel(value)[0]) for key, value in VALUE.items()}",
    "arrays of one": "{key: np.ravel(value) for key, value in VALUE.items()}",
    "tensors": "{key: keras.ops.convert_to_tensor(np.ravel(value)[0]) for key, value in VALUE.items()}",
    "fractions": "{key: Fraction(float(np.ravel(value)[0])) for key, value in VALUE.items()}",
    "OrderedDict": "OrderedDict(VALUE)",
    "another key": "{**VALUE, 'remark': 'as asked'}",
    "sorted": "dict(sorted(VALUE.items()))",
}
IMAGES = {
    "array": "np.asarray(VALUE)",
    "copy": "np.array(VALUE, dtype='float32')",
    "tensor": "keras.ops.convert_to_tensor(VALUE)",
    "tensor of TensorFlow": "tf.convert_to_tensor(VALUE)",
    "clipped": "np.clip(VALUE, 0, 1)",
    "clipped by Keras": "keras.ops.clip(VALUE, 0, 1)",
}

# PARAMETERS is the signature, ARGUMENTS passes them on, those with defaults by name, and KEYWORDS
# passes all by name
DEFINITIONS = {
    "any arguments": "def NAME(*args, **kwargs):\n    return PLAIN(*args, **kwargs)",
    "keyword arguments": "def NAME(PARAMETERS):\n    return PLAIN(KEYWORDS)",
    "another function": "def NAME(PARAMETERS):\n    return PLAIN(ARGUMENTS)",
    "lambda": "NAME = lambda PARAMETERS: PLAIN(ARGUMENTS)",
    "partial": "NAME = functools.partial(PLAIN)",
    "object": "class Answer_PLAIN:\n    def __call__(self, PARAMETERS):\n        return PLAIN(ARGUMENTS)"
    "\n\n\nNAME = Answer_PLAIN()",
    "static method": "class Answers_PLAIN:\n    @staticmethod\n    def NAME(PARAMETERS):\n"
    "        return PLAIN(KEYWORDS)\n\n\nNAME = Answers_PLAIN.NAME",
    "method": "class Answers_PLAIN:\n    def NAME(self, PARAMETERS):\n        return PLAIN(ARGUMENTS)"
    "\n\n\nNAME = Answers_PLAIN().NAME",
    "closure": "def make_PLAIN():\n    def inner(PARAMETERS):\n        return PLAIN(ARGUMENTS)\n"
    "    return inner\n\n\nNAME = make_PLAIN()",
    "decorated": "def decorate_PLAIN(function):\n    @functools.wraps(function)\n"
    "    def wrapper(*args, **kwargs):\n        return function(*args, **kwargs)\n    return wrapper"
    "\n\n\nNAME = decorate_PLAIN(PLAIN)",
}
OF_RESULT = "def NAME(PARAMETERS):\n    return RESULT"


def representations_of(value: Any) -> Mapping[str, str]:
    """Return the templates that fit a right value; none for an unknown type."""
    if isinstance(value, dict):
        return DICT
    array = np.asarray(value)
    if array.ndim == 1:
        return PAIR
    if array.ndim == 2:
        return ARRAY
    if array.ndim == 4:
        return IMAGES
    return WHOLE if isinstance(value, int | np.integer) else NUMBER


def represent_value(source: str, name: str, value: Any) -> Iterator[tuple[str, str]]:
    """Yield the names of changes, and the answer with another type for one of its values."""
    for form, template in representations_of(value).items():
        yield form, f"{source}\n{name} = {template.replace('VALUE', name)}"


def define_otherwise(
    source: str, name: str, parameters: ast.arguments, result: Any
) -> Iterator[tuple[str, str]]:
    """Yield the names of changes, and the answer with another definition of its function.

    Args:
        parameters: the signature that the question asks for.
        result: what the function returns for some input; its type decides which others fit.
    """
    plain = _unused(f"{name}_plain", source)
    renamed = ast.unparse(_Renaming(name, plain).visit(ast.parse(source)))
    names = [arg.arg for arg in parameters.args]
    required = len(names) - len(parameters.defaults)
    parts = {
        "NAME": name,
        "PLAIN": plain,
        "PARAMETERS": ast.unparse(parameters),
        "ARGUMENTS": ", ".join([*names[:required], *(f"{n}={n}" for n in names[required:])]),
        "KEYWORDS": ", ".join(f"{n}={n}" for n in names),
    }
    templates = dict(DEFINITIONS)
    for form, template in representations_of(result).items():
        call = template.replace("VALUE", "PLAIN(ARGUMENTS)")
        templates[f"{form} returned"] = OF_RESULT.replace("RESULT", call)
    for form, template in templates.items():
        text = re.sub("|".join(parts), lambda part: parts[part[0]], template)
        yield form, f"{renamed}\n\n\n{text}"


class _Renaming(ast.NodeTransformer):
    def __init__(self, old: str, new: str) -> None:
        self._old, self._new = old, new

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(self._new, node.ctx) if node.id == self._old else node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        if node.name == self._old:
            node.name = self._new
        return self.generic_visit(node)


def _unused(name: str, source: str) -> str:
    while name in source:
        name += "_"
    return name
