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
