"""Portuguese, as an operator would add it: this file in apps/core/languages/, and nothing else."""

from apps.core.languages.base import CitationTerms, Dates, General, Language, Notes, Salutations, Signatures

LANGUAGE = Language(
    code="pt",
    name="Portuguese",
    aliases="pt|por|portuguese|portugais|portugues",
    dates=Dates(
        months=(
            "janeiro", "fevereiro", "março", "abril", "maio", "junho",
            "julho", "agosto", "setembro", "outubro", "novembro", "dezembro",
        ),
        day_month="{day} de {month}",
        with_year="{date} de {year}",
        first_day="1.º",
        period="de {start} a {end}",
        loose_period="{start} a {end}",
        moment="{day}, {time} em {place} ({utc} UTC)",
    ),
    general=General(
        country="o seu país",
        delegation="a sua delegação",
        capital="a sua capital",
        salutation_all="Excelências",
        salutation="Excelência",
        recipient="o ministro responsável pelo comércio",
        office="Ministério responsável pelo comércio",
        some="várias",
    ),
    signatures=Signatures(
        heading="Signatários",
        without_numbers="Nós, as organizações abaixo indicadas, assinámos este texto.",
        organisations=("{n} organização", "{n} organizações"),
        people=("{n} pessoa", "{n} pessoas"),
        countries=("{n} país", "{n} países"),
        joined=" e ",
        counted=("{who} de {where} assinou esta carta.", "{who} de {where} assinaram esta carta."),
        unnamed=("{n} é contada sem ser nomeada aqui.", "{n} são contadas sem serem nomeadas aqui."),
        as_of="Situação em {when}.",
        removed="retirado a pedido",
        fingerprint="Impressão digital (SHA-256):",
        fingerprint_later="Impressão digital: acrescentada quando o envio for autorizado",
        no_font="nome em escrita {script}",
    ),
    notes=Notes(heading="Notas", note="Nota {n}", back="Voltar ao texto", page="Página {n} de {all}"),
    citation=CitationTerms(
        et_al="et al.",
        cited_in="citado em",
        above="nota {n} acima",
        point="ponto",
        accessed="consultado em {day}",
        undated="s.d.",
        quotes=("«", "»"),
    ),
    salutations=Salutations(
        premier=("Senhor Primeiro-Ministro", "Senhora Primeira-Ministra", "Excelência"),
        ambassador=("Senhor Embaixador", "Senhora Embaixadora", "Excelência"),
        minister=("Senhor Ministro", "Senhora Ministra", "Excelência"),
        president=("Senhor Presidente", "Senhora Presidente", "Excelência"),
        other=("Exmo. Senhor", "Exma. Senhora", "Exmos. Senhores"),
    ),
    posts={"ambassador": ("embaixador*", "representante permanente"), "minister": ("ministro", "ministra")},
)  # fmt: skip
