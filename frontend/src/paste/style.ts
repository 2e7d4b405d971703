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

/**
 * Copies the rules of the source's style sheets into the styles of its elements: spreadsheets and exported documents
 * have their strike-through and superscripts there. An element's own declarations win.
 */
export function inlineStyleSheets(page: Document, html: string): void {
  const sheets = [...html.matchAll(STYLE_SHEET)].map(([, sheet = '']) => sheet).join('\n').replace(NOT_ALWAYS, ' ')
  for (const [, selectors = '', declarations = ''] of [...sheets.matchAll(RULE)].slice(0, MAX_RULES)) {
    for (const element of elementsMatching(page, selectors.trim())) {
      const own = styleOf(element)
      const added = declarations.split(';').filter((one) => !declares(own, one.split(':')[0]?.trim() ?? ''))
      element.setAttribute('data-was-style', [own, ...added].filter((one) => one.trim()).join(';'))
    }
  }
}

function declares(style: string, property: string): boolean {
  return style.split(';').some((one) => one.split(':')[0]?.trim().toLowerCase() === property.toLowerCase())
}

function elementsMatching(page: Document, selectors: string): Element[] {
  try {
    return [...page.body.querySelectorAll(selectors)]
  } catch {
    return [] // @import, or a selector that this browser does not know
  }
}

export function styleOf(element: Element): string {
  return element.getAttribute('data-was-style') ?? ''
}

/** What the letter can show of a style: weight and slant. Google Docs wraps whole texts in a <b> of normal weight. */
export function applyEmphasis(page: Document): void {
  for (const element of page.querySelectorAll('[data-was-style]')) {
    const style = styleOf(element)
    if (/font-weight:\s*(normal|400)/i.test(style) && element.matches('b, strong')) element.replaceWith(...element.childNodes)
    else if (/font-weight:\s*(bold|[6-9]00)/i.test(style) && element.matches('span')) wrapContent(element, 'strong')
    if (/font-style:\s*italic/i.test(style) && element.matches('span')) wrapContent(element, 'em')
  }
}

function wrapContent(element: Element, tag: 'strong' | 'em'): void {
  const inner = element.ownerDocument.createElement(tag)
  inner.append(...element.childNodes)
  element.append(inner)
}
