"""Files of at most 20 MB that need far more when they are read: each a function of no arguments."""

import io
import struct
import zipfile
from collections.abc import Callable

MB = 1024 * 1024
CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>'
)
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'


def xlsx(*sheets: bytes | str, strings: bytes | str = "", styles: bytes | str = "", **compression: int) -> bytes:
    """A workbook of these contents of <worksheet>; `strings` is the content of <sst>, `styles` of <styleSheet>."""
    numbers = range(1, len(sheets) + 1)
    parts: dict[str, bytes | str] = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": f'<Relationships {PACKAGE}><Relationship Id="r" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{OFFICE}"><sheets>'
        + "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="r{n}"/>' for n in numbers)
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f"<Relationships {PACKAGE}>"
        + "".join(f'<Relationship Id="r{n}" Type="{OFFICE}/worksheet" Target="worksheets/s{n}.xml"/>' for n in numbers)
        + f'<Relationship Id="s" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
        + f'<Relationship Id="t" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/sharedStrings.xml": wrapped("sst", strings),
        "xl/styles.xml": wrapped("styleSheet", styles),
    }
    for number, sheet in enumerate(sheets, start=1):
        parts[f"xl/worksheets/s{number}.xml"] = wrapped("worksheet", sheet)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as container:
        for name, part in parts.items():
            container.writestr(name, part)
    return file.getvalue()


def wrapped(tag: str, content: bytes | str) -> bytes:
    content = content if isinstance(content, bytes) else content.encode()
    return f"<{tag} {MAIN}>".encode() + content + f"</{tag}>".encode()


def cells(rows: int, columns: int, cell: str) -> str:
    """Rows of cells without addresses, which follow one another."""
    return "<sheetData>" + f"<row>{cell * columns}</row>" * rows + "</sheetData>"


SHARED = '<c t="s"><v>0</v></c>'


def lying_sizes() -> bytes:
    content = xlsx(b"<sheetData>" + bytes(250 * MB) + b"</sheetData>")
    size = struct.pack("<I", 250 * MB + len(wrapped("worksheet", "<sheetData></sheetData>")))
    assert size in content
    return content.replace(size, struct.pack("<I", 4096))


def zip64() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("xl/workbook.xml", "<workbook/>")
        with container.open("xl/worksheets/s1.xml", "w", force_zip64=True) as part:
            for _step in range(300):
                part.write(bytes(MB))
    return file.getvalue()


def nested() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("inner.xlsx", xlsx(bytes(200 * MB)))
    return file.getvalue()


ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)

BOMBS: dict[str, Callable[[], bytes]] = {
    "one shared string of a million characters in a thousand cells": lambda: xlsx(
        cells(10, 100, SHARED), strings=f"<si><t>{'x' * 1_000_000}</t></si>"
    ),
    "a shared string of 9,000 characters in a million cells": lambda: xlsx(
        cells(10_000, 100, SHARED), strings=f"<si><t>{'x' * 9_000}</t></si>"
    ),
    "five million shared strings": lambda: xlsx(cells(2, 2, SHARED), strings="<si><t>ab</t></si>" * 5_000_000),
    "two cells at opposite corners": lambda: xlsx(
        '<sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData>'
    ),
    "a row of 16,384 columns five hundred times": lambda: xlsx(cells(500, 16_384, "<c><v>1</v></c>")),
    "a million nested elements": lambda: xlsx("<sheetData>" + "<row>" * 1_000_000 + "</row>" * 1_000_000),
    "200 MB in one inline string": lambda: xlsx(
        "<sheetData><row><c t='inlineStr'><is><t>" + "x" * 200 * MB + "</t></is></c></row></sheetData>"
    ),
    "a thousand sheets of a thousand cells": lambda: xlsx(
        *[cells(10, 100, SHARED)] * 1000, strings="<si><t>x</t></si>"
    ),
    "fifty sheets of one long row each": lambda: xlsx(*[cells(1, 300_000, "<c><v>1</v></c>")] * 50),
    "three million styles": lambda: xlsx(
        cells(2, 2, SHARED), strings="<si><t>x</t></si>", styles="<cellXfs>" + "<xf numFmtId='14'/>" * 3_000_000
    ),
    "three million merged cells": lambda: xlsx(
        cells(2, 2, "<c><v>1</v></c>")
        + "<mergeCells>"
        + '<mergeCell ref="A1:XFD1048576"/>' * 3_000_000
        + "</mergeCells>"
    ),
    "entities of entities": lambda: xlsx(cells(2, 2, SHARED), strings=f"<si><t>{ENTITIES}&j;</t></si>"),
    "300 MB of nothing": lambda: xlsx(bytes(300 * MB)),
    "a container that lies about sizes": lying_sizes,
    "a container in the format for more than 4 GB": zip64,
    "a container within a container": nested,
    "blank lines": lambda: b"\n" * (20 * MB),
    "blank lines after headings": lambda: b"Country,Post" + b"\r" * (20 * MB - 20),
    "lines of a delimiter": lambda: b"Country;Post\n" + b";\n" * (10 * MB - 20),
    "commas": lambda: b"Country,Post\n" + b"," * (20 * MB - 20),
    "quotation marks": lambda: b'Country,Post\n"' + b'"' * (20 * MB - 20),
    "quoted quotation marks": lambda: b"Country,Post\n" + b'"""",' * (4 * MB - 20),
    "one cell": lambda: b"Country,Post\nKenya," + b"x" * (20 * MB - 30),
    "short cells": lambda: (b"ab," * 99 + b"ab\n") * (20 * MB // 301),
    "short rows": lambda: b"ab\n" * (20 * MB // 4),
    "NUL": lambda: b"Country,Post\n" + bytes(20 * MB - 20),
    "bytes of no encoding": lambda: b"\xff\x81\x8d\xfe" * (5 * MB),
    "letters of another script": lambda: "слово,и\n".encode("cp1251") * (2 * MB),
}
