/** What comes from outside: Word's lists become lists, letters that would be refused are dropped. */

import { Extension } from '@tiptap/core'
import { Fragment, Slice, type Node as ProseNode } from '@tiptap/pm/model'
import { Plugin, PluginKey } from '@tiptap/pm/state'

// control characters, separators of lines and paragraphs, overrides of direction, non-characters
const UNWANTED = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202d\u202e\ufdd0-\ufdef\ufeff\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** Text as a letter may hold it. Tabs and line ends become spaces. */
export function cleanText(text: string): string {
  return text.replace(/[\t\n]/g, ' ').replace(UNWANTED, '')
}

const TAG = /<[a-z](?:"[^"]*"|'[^']*'|[^'">])*>/gi
const LOUD = /([\s"'/])(style|on[a-z]+)(?=\s*=)/gi

/**
 * Styles and handlers under another name: they would do nothing, but the browser reports each as a breach of the
 * content security policy as soon as it reads it, even in a document that is never shown.
 */
function hush(html: string): string {
  return html.replace(/<style\b[\s\S]*?<\/style\s*>/gi, '').replace(TAG, (tag) => tag.replace(LOUD, '$1data-was-$2'))
}

function styleOf(element: Element): string {
  return element.getAttribute('data-was-style') ?? ''
}

/** HTML without Word's scaffolding. The rest is left to the schema, which takes only what it knows. */
export function cleanHtml(html: string): string {
  const page = new DOMParser().parseFromString(
    hush(html.replace(/<!--\[if !supportLists\]-->[\s\S]*?<!--\[endif\]-->/gi, '')),
    'text/html',
  )
  for (const element of page.querySelectorAll('style, script, title, meta, link, xml, template, noscript, svg, math, object, iframe')) {
    element.remove()
  }
  for (const field of page.querySelectorAll('input, select, textarea, button')) field.remove()
  for (const prefixed of page.querySelectorAll('*')) {
    if (prefixed.tagName.includes(':')) prefixed.replaceWith(...prefixed.childNodes)
  }
  for (const cell of page.querySelectorAll('td, th')) cell.append(page.createElement('br'))
  wordLists(page)
  emphasis(page)
  for (const element of page.querySelectorAll('[data-was-style]')) element.removeAttribute('data-was-style')
  return page.body.innerHTML
}

/** Weight and slant that stand in styles; Google Docs wraps whole texts in a <b> that is none. */
function emphasis(page: Document): void {
  for (const element of page.querySelectorAll('[data-was-style]')) {
    const style = styleOf(element)
    if (/font-weight:\s*(normal|400)/i.test(style) && element.matches('b, strong')) element.replaceWith(...element.childNodes)
    else if (/font-weight:\s*(bold|[6-9]00)/i.test(style) && element.matches('span')) wrap(element, 'strong')
    if (/font-style:\s*italic/i.test(style) && element.matches('span')) wrap(element, 'em')
  }
}

function wrap(element: Element, tag: 'strong' | 'em'): void {
  const inner = element.ownerDocument.createElement(tag)
  inner.append(...element.childNodes)
  element.append(inner)
}

/** Word writes list items as paragraphs that name their list in a style. */
function wordLists(page: Document): void {
  const items = [...page.querySelectorAll<HTMLElement>('p')].filter((p) => /mso-list:\s*l\d+/i.test(styleOf(p)))
  for (const item of items) {
    if (!item.isConnected) continue
    const marker = [...item.querySelectorAll<HTMLElement>('span')].find((span) => /mso-list:\s*ignore/i.test(styleOf(span)))
    const tag = /^\s*\(?[0-9a-z]{1,4}[.)]/i.test(marker?.textContent ?? '') ? 'ol' : 'ul'
    marker?.remove()
    const entry = page.createElement('li')
    const before = item.previousElementSibling
    const list = before?.hasAttribute('data-from-word') && before.localName === tag ? before : page.createElement(tag)
    if (list !== before) {
      list.setAttribute('data-from-word', '')
      item.before(list)
    }
    entry.append(item)
    list.append(entry)
  }
}

function cleanFragment(fragment: Fragment): Fragment {
  const nodes: ProseNode[] = []
  fragment.forEach((node) => {
    if (!node.isText) {
      nodes.push(node.copy(cleanFragment(node.content)))
      return
    }
    const text = cleanText(node.text ?? '')
    if (text) nodes.push(node.type.schema.text(text, node.marks))
  })
  return Fragment.fromArray(nodes)
}

export const CleanPaste = Extension.create({
  name: 'cleanPaste',
  addProseMirrorPlugins() {
    return [
      new Plugin({
        key: new PluginKey('cleanPaste'),
        props: {
          transformPastedHTML: cleanHtml,
          transformPasted: (slice) => new Slice(cleanFragment(slice.content), slice.openStart, slice.openEnd),
        },
      }),
    ]
  },
})
