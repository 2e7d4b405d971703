/** Styles of pasted elements, which are read but never applied. */

const TAG = /<[a-z](?:"[^"]*"|'[^']*'|[^'">])*>/gi
const ACTIVE = /([\s"'/])(style|on[a-z]+)(?=\s*=)/gi

/**
 * Renames styles and event handlers. They would do nothing, but the browser reports each as a breach of the content
 * security policy as soon as it reads it, even in a document that is never shown.
 */
export function disarm(html: string): string {
  return html.replace(/<style\b[\s\S]*?<\/style\s*>/gi, '').replace(TAG, (tag) => tag.replace(ACTIVE, '$1data-was-$2'))
}

const STYLE_SHEET = /<style\b[^>]*>([\s\S]*?)<\/style\s*>/gi
/** Rules for some screens only, comments, and what Word puts around its rules. */
const NOT_ALWAYS = /\/\*[\s\S]*?\*\/|<!--|-->|@(?:media|supports|font-face|page|list|keyframes)\b[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}/gi
const RULE = /([^{}]+)\{([^{}]*)\}/g
const MAX_RULES = 500

interface Declaration {
  property: string
  value: string
  /** What CSS compares: importance, then specificity. Of equals, the later one wins. */
  rank: number
}
const OWN = 1_000_000
const IMPORTANT = 10_000_000

/**
 * Copies the rules of the source's style sheets into the styles of its elements: spreadsheets and exported documents
 * have their strike-through and superscripts there. What wins is as in CSS (Cascading and Inheritance, §6.1).
 */
export function inlineStyleSheets(page: Document, html: string): void {
  const sheets = [...html.matchAll(STYLE_SHEET)].map(([, sheet = '']) => sheet).join('\n').replace(NOT_ALWAYS, ' ')
  const declared = new Map<Element, Declaration[]>()
  for (const [, selectors = '', style = ''] of [...sheets.matchAll(RULE)].slice(0, MAX_RULES)) {
    for (const selector of selectors.split(',')) {
      const declarations = declarationsOf(style, specificity(selector))
      for (const element of elementsMatching(page, selector.trim())) {
        declared.set(element, [...(declared.get(element) ?? []), ...declarations])
      }
    }
  }
  for (const [element, rules] of declared) {
    const winners = new Map<string, Declaration>()
    for (const one of [...rules, ...declarationsOf(styleOf(element), OWN)]) {
      if (one.rank >= (winners.get(one.property)?.rank ?? 0)) winners.set(one.property, one)
    }
    element.setAttribute('data-was-style', [...winners.values()].map((one) => `${one.property}:${one.value}`).join(';'))
  }
}

function declarationsOf(style: string, rank: number): Declaration[] {
  return style.split(';').flatMap((one) => {
    const [property = '', ...rest] = one.split(':')
    const value = rest.join(':')
    if (!property.trim() || !value.trim()) return []
    const important = /!\s*important/i.test(value) ? IMPORTANT : 0
    return [{ property: property.trim().toLowerCase(), value: value.replace(/!\s*important/i, '').trim(), rank: rank + important }]
  })
}

/** Ids, then classes, attributes and pseudo-classes, then elements (Selectors, §17). */
function specificity(selector: string): number {
  const counted = (pattern: RegExp) => selector.match(pattern)?.length ?? 0
  return counted(/#/g) * 10_000 + counted(/[.[]|(?<!:):(?!:)/g) * 100 + counted(/(?:^|[\s>+~])[a-z]/gi)
}

function elementsMatching(page: Document, selector: string): Element[] {
  try {
    return [...page.body.querySelectorAll(selector)]
  } catch {
    return [] // @import, or a selector that this browser does not know
  }
}

/** What the element's own style says of this property, in lower case; "" where it says nothing. */
export function valueOf(element: Element, property: string): string {
  for (const one of styleOf(element).split(';').reverse()) {
    const [name = '', ...rest] = one.split(':')
    if (name.trim().toLowerCase() === property && rest.length) return rest.join(':').trim().toLowerCase()
  }
  return ''
}

export function styleOf(element: Element): string {
  return element.getAttribute('data-was-style') ?? ''
}

const BOLD = 'b, strong, th'
const SLANTED = 'i, em, cite, dfn, var'
/** Bold of themselves: what is bold in them stands out no more than the rest. */
const HEADINGS = 'h1, h2, h3, h4, h5, h6'

/**
 * What the letter can show of a style: weight and slant, as the innermost element says that says something of it.
 * Google Docs wraps whole texts in a <b> of normal weight.
 */
export function applyEmphasis(page: Document): void {
  const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT)
  const texts: Text[] = []
  while (walker.nextNode()) texts.push(walker.currentNode as Text)
  const looks = texts.map((text) => [isBold(text.parentElement), isSlanted(text.parentElement)] as const)
  for (const element of page.body.querySelectorAll(`b, strong, ${SLANTED}`)) element.replaceWith(...element.childNodes)
  texts.forEach((text, index) => {
    const [bold, slanted] = looks[index] ?? [false, false]
    if (!text.data.trim()) return
    if (bold) wrap(text, 'strong')
    if (slanted) wrap(text, 'em')
  })
}

function isBold(element: Element | null): boolean {
  if (element?.closest(HEADINGS)) return false
  for (let at = element; at; at = at.parentElement) {
    const said = valueOf(at, 'font-weight') || (/\bbold\b/.exec(valueOf(at, 'font'))?.[0] ?? '')
    if (said && said !== 'inherit') return /^(bold|bolder|[6-9]00)/.test(said)
    if (at.matches(BOLD)) return true
  }
  return false
}

function isSlanted(element: Element | null): boolean {
  for (let at = element; at; at = at.parentElement) {
    const said = valueOf(at, 'font-style') || (/\bitalic\b/.exec(valueOf(at, 'font'))?.[0] ?? '')
    if (said && said !== 'inherit') return /^(italic|oblique)/.test(said)
    if (at.matches(SLANTED)) return true
  }
  return false
}

function wrap(text: Text, tag: 'strong' | 'em'): void {
  const outer = text.ownerDocument.createElement(tag)
  text.replaceWith(outer)
  outer.append(text)
}
