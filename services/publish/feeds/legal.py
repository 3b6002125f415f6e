"""Text that XML and JSON take, whatever the copy holds, and XML written from it. Pure."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping

__all__ = ["add", "document", "legal"]

# Everything but the characters of XML 1.0 (section 2.2). ElementTree writes the others as they are, which ends the
# document for every parser, and writes a lone surrogate as a reference to a character that there is not.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: str) -> str:
    """Return the text without the characters that no XML document may hold, not even escaped."""
    return _ILLEGAL.sub("", text)


def add(parent: ET.Element, name: str, text: str = "", attributes: Mapping[str, str] | None = None) -> ET.Element:
    """Append an element. Names are written as given, prefix and all: the root declares the namespaces."""
    element = ET.SubElement(parent, name, {key: legal(value) for key, value in (attributes or {}).items()})
    element.text = legal(text)
    return element


def document(root: ET.Element) -> bytes:
    """Return the document in UTF-8 with its declaration."""
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))
