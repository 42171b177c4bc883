"""Column types that database systems store differently."""

from __future__ import annotations

from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Dialect, LargeBinary, String, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine, UserDefinedType

HEAD_BYTES = 4  # of a vector as PostgreSQL sends it: the number of dimensions, and two bytes without a meaning

# Text in the order of its code points, as SQLite has it: a PostgreSQL database may have the order of any language.
TEXT = Text().with_variant(Text(collation="C"), "postgresql")
STRING = String().with_variant(String(collation="C"), "postgresql")


class HalfVector(UserDefinedType[bytes]):
    """The type `halfvec` of pgvector: float16, of any number of dimensions."""

    cache_ok = True

    def get_col_spec(self, **_options: Any) -> str:
        """Return the name of the type."""
        return "halfvec"


class Vector(UserDefinedType[bytes]):
    """The type `vector` of pgvector: float32."""

    cache_ok = True

    def get_col_spec(self, **_options: Any) -> str:
        """Return the name of the type."""
        return "vector"


class _VectorBytes(FunctionElement[bytes]):
    """A column of vectors as bytes."""

    inherit_cache = True


@compiles(_VectorBytes)
def _as_stored(element: _VectorBytes, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(_VectorBytes, "postgresql")
def _as_sent(element: _VectorBytes, compiler: SQLCompiler, **options: Any) -> str:
    return f"halfvec_send({compiler.process(element.clauses, **options)})"


class Float16Vector(TypeDecorator[bytes]):
    """A vector as the bytes of little-endian float16, in Python on every system. PostgreSQL stores a `halfvec`."""

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Return the type of the system."""
        return dialect.type_descriptor(HalfVector() if dialect.name == "postgresql" else LargeBinary())

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> Any:
        """Return the bytes, or the text of the vector for PostgreSQL."""
        return value if value is None or dialect.name != "postgresql" else vector_text(np.frombuffer(value, "<f2"))

    def column_expression(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return the column as bytes."""
        bytes_of = _VectorBytes(column)
        bytes_of.type = self
        return bytes_of

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        """Return the bytes; PostgreSQL sends big-endian ones behind a head."""
        if value is None or dialect.name != "postgresql":
            return value
        return np.frombuffer(value, ">f2", offset=HEAD_BYTES).astype("<f2").tobytes()


def vector_text(vector: np.ndarray[Any, Any]) -> str:
    """Return a vector as pgvector reads it: `[0.5,-0.25]`."""
    return f"[{','.join(map(str, vector.tolist()))}]"
