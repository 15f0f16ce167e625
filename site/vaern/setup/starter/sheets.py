"""Pupil sheets as Word files, which a teacher can change: headings, points and lines to write on, and nothing else."""

from __future__ import annotations

import zipfile
from io import BytesIO
from xml.sax.saxutils import escape

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
# The same text gives the same bytes, and so one stored file.
MOMENT = (2026, 1, 1, 0, 0, 0)

_TYPES = (
    f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{WORD}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{WORD}.styles+xml"/>'
    f'<Override PartName="/word/numbering.xml" ContentType="{WORD}.numbering+xml"/>'
    '<Override PartName="/docProps/core.xml" '
    'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>'
)
_RELATIONS = (
    f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{OFFICE}/relationships/officeDocument" Target="word/document.xml"/>'
    f'<Relationship Id="r2" Type="{PACKAGE}/relationships/metadata/core-properties" Target="docProps/core.xml"/>'
    "</Relationships>"
)
_PARTS = (
    f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{OFFICE}/relationships/styles" Target="styles.xml"/>'
    f'<Relationship Id="r2" Type="{OFFICE}/relationships/numbering" Target="numbering.xml"/></Relationships>'
)
_NUMBERING = (
    f'{HEAD}<w:numbering xmlns:w="{MAIN}"><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0">'
    '<w:numFmt w:val="bullet"/><w:lvlText w:val="•"/><w:pPr><w:ind w:left="360" w:hanging="360"/></w:pPr></w:lvl>'
    '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)


def _style(key: str, name: str, size: int, *, bold: bool, level: int | None, default: bool = False) -> str:
    outline = "" if level is None else f'<w:outlineLvl w:val="{level}"/>'
    strong = "<w:b/>" if bold else ""
    first = ' w:default="1"' if default else '<w:basedOn w:val="Normal"/>'
    opened = f'<w:style w:type="paragraph" w:styleId="{key}"'
    opened += f'{first}><w:name w:val="{name}"/>' if default else f'><w:name w:val="{name}"/>{first}'
    return (
        f'{opened}<w:pPr><w:spacing w:before="120" w:after="120" w:line="300" w:lineRule="auto"/>{outline}</w:pPr>'
        f'<w:rPr>{strong}<w:sz w:val="{size}"/></w:rPr></w:style>'
    )


def _styles(language: str) -> str:
    code = {"da": "da-DK", "en": "en-GB"}.get(language, language)
    return (
        f'{HEAD}<w:styles xmlns:w="{MAIN}"><w:docDefaults><w:rPrDefault><w:rPr>'
        '<w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial"/>'
        f'<w:lang w:val="{code}"/></w:rPr></w:rPrDefault></w:docDefaults>'
        + _style("Normal", "Normal", 26, bold=False, level=None, default=True)
        + _style("Heading1", "heading 1", 40, bold=True, level=0)
        + _style("Heading2", "heading 2", 30, bold=True, level=1)
        + _style("ListBullet", "List Bullet", 26, bold=False, level=None)
        + "</w:styles>"
    )


def _paragraph(line: str) -> str:
    """Return a line of the sheet as a paragraph with its style; a line of "_" is three empty ruled lines."""
    if line.startswith("____"):
        rule = '<w:pPr><w:pBdr><w:bottom w:val="single" w:sz="4" w:space="1" w:color="808080"/>'
        rule += '<w:between w:val="single" w:sz="4" w:space="1" w:color="808080"/></w:pBdr></w:pPr>'
        return f"<w:p>{rule}</w:p>" * 3
    style, text = "", line
    for mark, name in (("## ", "Heading2"), ("# ", "Heading1"), ("- ", "ListBullet")):
        if line.startswith(mark):
            numbers = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>' if mark == "- " else ""
            style, text = f'<w:pPr><w:pStyle w:val="{name}"/>{numbers}</w:pPr>', line.removeprefix(mark)
            break
    return f'<w:p>{style}<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def sheet(text: str, *, title: str, language: str) -> bytes:
    """Return the Word file of a sheet's plain text (content/materials.toml says how that is written)."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    margins = (
        '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134" w:header="0" w:footer="0" w:gutter="0"/>'
    )
    section = f'<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>{margins}</w:sectPr>'
    body = "".join(_paragraph(line) for line in lines)
    core = (
        f'{HEAD}<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{escape(title)}</dc:title>'
        f"<dc:language>{language}</dc:language></cp:coreProperties>"
    )
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS,
        "docProps/core.xml": core,
        "word/_rels/document.xml.rels": _PARTS,
        "word/document.xml": f'{HEAD}<w:document xmlns:w="{MAIN}"><w:body>{body}{section}</w:body></w:document>',
        "word/numbering.xml": _NUMBERING,
        "word/styles.xml": _styles(language),
    }
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, MOMENT)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return packed.getvalue()
