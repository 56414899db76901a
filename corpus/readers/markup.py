"""XML in a parser: without a document type, without entities, without the network, 256 elements deep.

    read_xml(b"<a>…</a>", "a.xml") → the root element
    read_xml('<!DOCTYPE a …>'.encode("utf-16"), "a.xml") → DocumentRefused: a.xml declares a document type …

What declares a document type is told by the parser itself, and not by the bytes: the same words look different in
UTF-16, and a name such as `main.bin` keeps no reader from parsing what is in it.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from corpus.layout.told import refused

_PICTURE = "{http://www.w3.org/2000/svg}svg"


def read_xml(data: bytes, name: str) -> Any:
    """The root of an XML document. Raises DocumentRefused where it has a document type, XMLSyntaxError for no XML."""
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root = etree.fromstring(data, parser)
    if root.getroottree().docinfo.doctype and root.tag != _PICTURE:
        raise refused("document_type", name=name)
    return root


def no_doctype(data: bytes, name: str) -> None:
    """Refuse what has a document type before another library parses it.

    Bytes that are not XML pass, since no parser accepts them; so does a picture in SVG, which is never parsed.
    """
    try:
        read_xml(data, name)
    except etree.XMLSyntaxError:
        return
