/**
 * Links as their author wrote them. Mail filters, search engines and chat programs put an address of their own around
 * a link; it often names the colleague whose mail it was copied from.
 */

import { safeAddress } from '../schema/link'
import { cleanText } from './characters'

interface Wrapper {
  host: RegExp
  /** the address inside, or "" where only the wrapper's owner knows it */
  target: (url: URL) => string
}

const parameter =
  (...names: string[]) =>
  (url: URL): string => {
    for (const [name, value] of url.searchParams) if (names.includes(name.toLowerCase()) && isAddress(value)) return value
    return ''
  }
const parameterOrItself = (...names: string[]) => (url: URL): string => parameter(...names)(url) || url.href
const inPath = (pattern: RegExp) => (url: URL): string => decoded(pattern.exec(url.href)?.[1] ?? '')

const WRAPPERS: Wrapper[] = [
  { host: /safelinks?\b/, target: parameter('url') }, // Outlook, all regions
  { host: /^outlook\.\w+\.com$/, target: (url) => (/\/safelink\.html$/i.test(url.pathname) ? parameter('url')(url) : url.href) },
  { host: /^statics\.teams\.cdn\.office\.net$/, target: parameterOrItself('url') },
  { host: /(^|\.)urldefense\.(proofpoint\.)?(com|us|eu)$/, target: proofpoint },
  { host: /(^|\.)google(\.[a-z]{2,3}){1,2}$/, target: (url) => (url.pathname === '/url' ? parameter('q', 'url')(url) : url.href) },
  { host: /^lm?\.(facebook|messenger|instagram)\.com$|^l\.threads\.(net|com)$/, target: parameter('u') },
  { host: /(^|\.)linkedin\.com$/, target: (url) => (/^\/(redir|safety)\//.test(url.pathname) ? parameter('url')(url) : url.href) },
  { host: /(^|\.)bing\.com$/, target: (url) => (url.pathname === '/ck/a' ? base64((url.searchParams.get('u') ?? '').replace(/^a1/, '')) : url.href) },
  { host: /^duckduckgo\.com$/, target: (url) => (url.pathname === '/l/' ? parameter('uddg')(url) : url.href) },
  { host: /^r\.search\.yahoo\.com$/, target: inPath(/\/RU=([^/]+)\//) },
  { host: /(^|\.)(youtube\.com|vk\.com|t\.umblr\.com|slack-redir\.net)$/, target: onRedirectPath },
  { host: /(^|\.)linkprotect\.cudasvc\.com$/, target: parameter('a') }, // Barracuda
  { host: /^secure-web\.cisco\.com$/, target: inPath(/\/(https?(?:%3A|:)[^?]+)/i) },
  { host: /(^|\.)protection\.sophos\.com$/, target: (url) => base64(url.searchParams.get('u') ?? '') },
  { host: /(^|\.)(protect\.checkpoint\.com|avanan\.click)$/, target: inPath(/\/_{2,3}(https?:.+?)_{2,3}(?:\.|;|$)/i) },
  { host: /^deref-(mail|gmx|web)\.\w+$|^dereferrer\./, target: parameter('redirecturl') },
  // programs that send newsletters count who clicks, by an address of their own for each reader
  { host: /(^|\.)awstrack\.me$/, target: inPath(/\/L\d\/([^/]+)/) }, // Amazon
  { host: /^click\.pstmrk\.it$/, target: (url) => `https://${decoded(/^\/\w+\/([^/]+)/.exec(url.pathname)?.[1] ?? '')}` }, // Postmark
  { host: /(^|\.)list-manage\.com$/, target: (url) => (/^\/track\//.test(url.pathname) ? '' : url.href) }, // Mailchimp
  { host: /(^|\.)(ct\.sendgrid\.net|hubspotlinks\.com|mandrillapp\.com|rs6\.net|mlsend\.com|cmail\d+\.com|sendibm\d+\.com)$/, target: () => '' },
  // what Mimecast and Hornetsecurity lead to is known only to them
  { host: /(^|[.-])mimecast(protect)?\.com$|(^|\.)hornetsecurity\.com$/, target: parameter('u', 'url') },
  // other filters: Symantec, Trend Micro, FireEye, Vade, Forcepoint, Trustwave
  { host: /clicktime|(^|\.)(protect\d*|urlprotect|url-?protection|linkscan|mailguard)\.|\.(trendmicro|vadesecure|fireeye|trustwave)\.com$/, target: parameterOrItself('u', 'url', 'a', 'q') },
]
/** Exchange's own redirection, on any host. */
const EXCHANGE: Wrapper = { host: /./, target: parameter('url') }

const TRACKING = /^(utm_\w+|fbclid|gclid|gbraid|wbraid|dclid|msclkid|yclid|igshid|igsh|mc_[ce]id|mkt_tok|_hs(enc|mi)|vero_(id|conv)|oly_(anon|enc)_id|ml_subscriber(_hash)?|trk(Campaign|Info)?|ref_src)$/i
const MAIL = /[^\s@=&/:]+@[^\s@=&/:]+\.[a-z]{2,}/i
const MAX_WRAPPERS = 5
/** Hosts of shared files, and the paths of files there. */
const PRIVATE_FILES: [RegExp, RegExp][] = [
  [/^(docs|drive)\.google\.com$/, /\/(d|folders)\/(?!e\/)/],
  [/\.sharepoint\.\w+$/, /./],
  [/^(onedrive\.live\.com|1drv\.ms)$/, /./],
]

export interface Unwrapped {
  /** null where only the wrapper's owner knows where the link leads */
  href: string | null
  wrapped: boolean
  tracking: boolean
}

/** The address without wrappers, tracking parameters and parameters that hold somebody's mail address. */
export function unwrapLink(href: string): Unwrapped {
  let address = cleanText(href).trim()
  let wrapped = false
  for (let turn = 0; turn < MAX_WRAPPERS; turn += 1) {
    const url = webAddress(address)
    const wrapper = url && findWrapper(url)
    if (!url || !wrapper) break
    const target = wrapper.target(url)
    if (target === url.href) break
    wrapped = true
    if (!isAddress(target)) return { href: null, wrapped, tracking: false }
    address = target
  }
  const plain = withoutTracking(address)
  return { href: plain, wrapped, tracking: plain !== address }
}

/** The same for every address that stands in the text itself. `found` is called for each that changes or says nothing. */
export function unwrapAddresses(text: string, found: (outcome: 'links' | 'hidden-links' | 'addresses') => void = () => undefined): string {
  if (!text.includes(':')) return text
  const named = text.replace(/ ?<mailto:([^<>\s]{1,400})>/gi, (_given, mailbox: string, at: number) => {
    // plain text of Outlook has the mailbox behind a name in brackets
    if (!text.slice(0, at).endsWith(mailbox)) found('addresses')
    return ''
  })
  return named.replace(/https?:\/\/[^\s<>"“”«»]{1,4000}/gi, (given) => {
    const [address = given] = /^.*?(?=[.,;:!?)\]]*$)/.exec(given) ?? []
    const { href, wrapped } = unwrapLink(address)
    if (!wrapped) return given
    found(href ? 'links' : 'hidden-links')
    return href ? href + given.slice(address.length) : given
  })
}

function findWrapper(url: URL): Wrapper | undefined {
  if (/\/owa\/redir\.aspx$/i.test(url.pathname)) return EXCHANGE
  return WRAPPERS.find((wrapper) => wrapper.host.test(url.hostname))
}

function webAddress(address: string): URL | null {
  if (!/^https?:\/\//i.test(address) || !URL.canParse(address)) return null
  return new URL(address)
}

function isAddress(text: string): boolean {
  return /^mailto:\S+@/i.test(text) || webAddress(text) !== null
}

function withoutTracking(address: string): string {
  const url = webAddress(address)
  if (!url) return address
  const unwanted = [...url.searchParams].filter(
    ([name, value]) => TRACKING.test(name) || MAIL.test(decoded(value)) || MAIL.test(base64(value)),
  )
  const namesSomebody = MAIL.test(decoded(url.hash))
  if (!unwanted.length && !namesSomebody) return address
  if (namesSomebody) url.hash = ''
  // as text, because URLSearchParams would rewrite the parameters that stay
  const names = new Set(unwanted.map(([name]) => name))
  const kept = url.search.slice(1).split('&').filter((part) => !names.has(decoded(part.split('=')[0] ?? '').replace(/\+/g, ' ')))
  url.search = kept.join('&')
  return url.href
}

function onRedirectPath(url: URL): string {
  return /^\/(redirect|away\.php|link)\b/.test(url.pathname) ? parameter('q', 'url', 'to', 'z')(url) : url.href
}

/** Proofpoint writes the address with its own escapes, in three versions. */
function proofpoint(url: URL): string {
  const version = /^\/v([123])\//.exec(url.pathname)?.[1]
  const given = url.searchParams.get('u') ?? ''
  if (version === '1') return given
  if (version === '2') return decoded(given.replace(/-/g, '%').replace(/_/g, '/'))
  const [, address = '', replaced = ''] = /\/v3\/__(.+?)__;([^!]*)!/.exec(url.href) ?? []
  const characters = [...base64(replaced)]
  const RUNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const whole = address.replace(/\*(?:\*(.))?/g, (_star, run: string | undefined) =>
    characters.splice(0, run === undefined ? 1 : RUNS.indexOf(run) + 2).join(''),
  )
  return whole.replace(/^(https?:)\/+/i, '$1//')
}

function base64(text: string): string {
  try {
    const bytes = Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (char) => char.charCodeAt(0))
    return new TextDecoder().decode(bytes)
  } catch {
    return ''
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Whether the address is that of a file that others may not open: shared by name, or for editing. */
export function isPrivateFile(address: string): boolean {
  const url = webAddress(address)
  return url !== null && PRIVATE_FILES.some(([host, path]) => host.test(url.hostname) && path.test(url.pathname))
}

/** Whether the path names the mailbox of a colleague: /ada@union.example/, /personal/ada_union_example/ of OneDrive. */
export function namesColleague(address: string): boolean {
  const url = webAddress(address)
  if (!url) return false
  const path = decoded(url.pathname).replace(/\/@[^/]+/g, '') // @ada@social.example is a public name
  return MAIL.test(path) || (/\.sharepoint\.\w+$/i.test(url.hostname) && /\/personal\/[^/]+_[^/]+_/i.test(path))
}

/** Whether readers of the letter cannot follow it: a file of somebody's computer, an address without its host. */
export function leadsNowhere(address: string): boolean {
  if (/^(#|mailto:|tel:|javascript:)/i.test(address)) return false
  return webAddress(address) === null || safeAddress(address) === null
}

/** Whether the link shows where it leads: "a@example.org" for its mailbox. */
export function showsMailbox(words: string, href: string): boolean {
  const mailbox = safeAddress(href)?.replace(/^mailto:/, '').toLowerCase() ?? ''
  return words.toLowerCase().includes(decoded(mailbox))
}
