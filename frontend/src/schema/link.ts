/** A link to a page or an address; any other scheme is dropped where it is typed, pasted or loaded. */

import { Mark } from '@tiptap/core'

/** The address as it may stand in a letter, or null. "example.org" becomes https, "a@example.org" mailto. */
export function safeAddress(typed: string): string | null {
  const text = typed.trim()
  if (/^[^\s/@:]+@[^\s/@]+\.[^\s/@]+$/.test(text)) return `mailto:${text}`
  const address = /^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `https://${text}`
  if (!URL.canParse(address)) return null
  const url = new URL(address)
  if (url.protocol === 'mailto:') return url.pathname.includes('@') ? url.href : null
  const web = url.protocol === 'http:' || url.protocol === 'https:'
  return web && url.hostname.includes('.') && !url.username ? url.href : null
}

export const Link = Mark.create({
  name: 'link',
  inclusive: false,
  addAttributes() {
    return { href: { default: null } }
  },
  parseHTML() {
    return [
      {
        tag: 'a[href]',
        getAttrs: (element) => {
          const typed = element.getAttribute('href') ?? ''
          const href = /^(https?|mailto):/i.test(typed.trim()) ? safeAddress(typed) : null
          return href ? { href } : false
        },
      },
    ]
  },
  renderHTML: ({ HTMLAttributes }) => ['a', { ...HTMLAttributes, rel: 'noopener noreferrer' }, 0],
})
