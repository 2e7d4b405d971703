"""A letter that was frozen looks tomorrow as it did today: a change of these hashes has its reason in its commit."""

import hashlib

from apps.letters.rendering import AnnexSection, render_html, render_mail_html, render_pdf, render_text
from tests.factories.rendering import ENVELOPE, HEAD, NAMES, PROOF, annex, letter

#: of the PDF with the pinned typst; another version may draw the same page with other bytes
GOLDEN = {
    "html": "7d20df9f8cfdee3d97f53dc8f6d36d1001de5d7ee2b5b7bfa6f19e66e49531ec",
    "mail": "199021a0701493d44a450e8619b84a2342425a70a38dfd5cfa973ffb6c148aca",
    "text": "c3005d0940b38809b35a833d48230e0c467132f96fad4b38da23943027b3cbde",
    "pdf": "6d1982419b3820a99bc578d913b884c08a6910b13730dc7605c159ff3095a09f",
    "pdf without list": "1891a3f22f56612dc317bd6de8b20bb6bbbe6446d02c35a535cf958569e65608",
}


def test_the_forms_of_a_letter_are_those_of_yesterday() -> None:
    names = annex(AnnexSection("KE", tuple(NAMES.values())))
    made = {
        "html": render_html(letter(), ENVELOPE, names).encode(),
        "mail": render_mail_html(letter(), ENVELOPE, names).encode(),
        "text": render_text(letter(), ENVELOPE, names).encode(),
        "pdf": render_pdf(letter(), ENVELOPE, names, HEAD, proof=PROOF),
        "pdf without list": render_pdf(letter(), ENVELOPE, None, HEAD),
    }
    assert {form: hashlib.sha256(content).hexdigest() for form, content in made.items()} == GOLDEN
