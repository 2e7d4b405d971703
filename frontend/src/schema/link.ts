/** A link to a page or an address; any other scheme is dropped where it is typed, pasted or loaded. */

import { Mark } from '@tiptap/core'

/** As in apps/letters/document/characters.py. */
const REFUSED = /["<>\\^`{|}]/g
const MAILBOX = /^[^@\s<>"?&]+@[^@\s<>"?&]+\.[^@\s<>"?&]+$/
const MAX_ADDRESS = 2000

/** The address as it may stand in a letter, or null. "example.org" becomes https, "a@example.org" mailto. */
export function safeAddress(typed: string): string | null {
  const text = typed.trim()
  if (/^[^\s/@:]+@[^\s/@]+\.[^\s/@]+$/.test(text)) return `mailto:${text}`
  const address = /^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `https://${text}`
  if (!URL.canParse(address)) return null
  const url = new URL(address)
  if (url.protocol === 'mailto:') return MAILBOX.test(url.pathname) ? `mailto:${url.pathname}` : null
  const web = url.protocol === 'http:' || url.protocol === 'https:'
  const href = url.href.replace(REFUSED, encodeURIComponent)
  return web && url.hostname.includes('.') && !url.username && href.length <= MAX_ADDRESS ? href : null
}

export const Link = Mark.create({
  name: 'link',
  inclusive: false,
  addAttributes() {
    return { href: { default: null, parseHTML: addressOf } }
  },
  parseHTML() {
    return [{ tag: 'a[href]', getAttrs: (element) => (addressOf(element) ? null : false) }]
  },
  renderHTML: ({ HTMLAttributes }) => ['a', { ...HTMLAttributes, rel: 'noopener noreferrer' }, 0],
})

function addressOf(element: HTMLElement): string | null {
  const typed = element.getAttribute('href')?.trim() ?? ''
  return /^(https?|mailto):/i.test(typed) ? safeAddress(typed) : null
}
