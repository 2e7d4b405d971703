/** Plain text, as PDF viewers and terminals copy it: lines broken hard, words divided, ligatures, bullets. */

import type { PasteReport } from './report'

/** Where lines are longer, they are paragraphs. */
export const LONGEST_LINE = 140
const SHORTEST_LINE = 35
/** A line of a paragraph is nearly full, except its last. */
const FULL = 0.72
const BULLET = /^\s*(?:[•‣◦▪▫●○■□–—·∙\uf0a7\uf0b7\uf0d8\uf076\uf0fc]|[-*](?=\s))\s*/u
const ITEM = /^\s*(?:\(?(?:\p{Nd}{1,3}|[a-z]|[ivx]{1,5})[.)]|[•‣◦▪●■\uf0a7\uf0b7])\s/iu
/** PDF viewers copy the hyphen of a divided word as it is, or as one of these: U+FFFE is Chrome's, "¬" Acrobat's. */
const DIVISION = '\u00ad\ufffe\u0002¬'
const DIVIDED = new RegExp(`(\\p{L}+)([-‐${DIVISION}])$`, 'u')
const WEB_ADDRESS = /(?:https?:\/\/|\bwww\.)\S*$/i
/** A line of its own that ends no sentence: the number of a page. */
const PAGE_NUMBER = /^[–—-]?\s*\p{Nd}{1,4}\s*[–—-]?$/u
/** First parts of words that are written with a hyphen anyway. "Re", "pro" or "inter" are none: words are divided there. */
const COMPOUNDS = /^(e|non|self|cross|well|anti|vice|half|far|all|low|high|long|short|post|semi|ci|là|est|soi|celui|celle|sous|outre|least|rights|decision|policy|duty|south)$/i

/** Scripts without spaces between words, with their punctuation. */
const UNSPACED = '[\\p{scx=Han}\\p{scx=Hira}\\p{scx=Kana}\\p{sc=Thai}\\p{sc=Laoo}\\p{sc=Khmr}\\p{sc=Mymr}，！？；：（）]'
const BETWEEN_UNSPACED = new RegExp(`${UNSPACED}\n${UNSPACED}`, 'u')

export interface PlainBlock {
  kind: 'text' | 'bullet'
  text: string
}

/** Second parts: no language divides "making" or "based" from the beginning of a word in any other way. */
const COMPOUND_ENDS = /^(making|makers?|based|related|developed|driven|led|term|scale|sized|income|border|level|party|speaking|oriented|binding|round|même|mêmes|être|delà|dessus|dessous)$/i

/** The paragraphs of the text. */
export function plainBlocks(text: string, report: PasteReport): PlainBlock[] {
  const lines = text.replace(/([\ufffe\u0002])(?=\p{L})/gu, '').replace(/\r\n?|[\u2028\u2029\f\v]/g, '\n').split('\n').map((line) => line.trimEnd())
  const width = Math.max(0, ...lines.map((line) => line.length))
  const hard = width <= LONGEST_LINE && width >= SHORTEST_LINE
  const blocks: PlainBlock[] = []
  let full = false
  for (const line of lines) {
    const words = line.trim()
    if (!words) {
      full = false
      continue
    }
    const last = blocks.at(-1)
    const bullet = BULLET.test(line) && !/^\s*[–—]\s*\p{Ll}/u.test(line)
    if (last && full && hard && !bullet && !ITEM.test(line) && !PAGE_NUMBER.test(words)) last.text = joinedLines(last.text, words, text, report)
    else blocks.push({ kind: bullet ? 'bullet' : 'text', text: bullet ? line.replace(BULLET, '').trim() : words })
    full = !PAGE_NUMBER.test(words) && (line.length >= width * FULL || DIVIDED.test(line))
  }
  return blocks.filter((block) => block.text)
}

/** Two lines of a paragraph. A word divided at the end of the first becomes one, unless its hyphen belongs to it. */
export function joinedLines(before: string, after: string, whole: string, report: PasteReport): string {
  const [address] = WEB_ADDRESS.exec(before) ?? []
  if (address && (/[-_=&?%]$/.test(address) || (address.endsWith('/') && /^\S*[\d./_-]\S/.test(after)))) return before + after
  const [, head = '', hyphen = ''] = DIVIDED.exec(before) ?? []
  const tail = /^\p{Ll}+/u.exec(after)?.[0] ?? ''
  if (!head) return BETWEEN_UNSPACED.test(`${before.slice(-2)}\n${after.slice(0, 2)}`) ? before + after : `${before} ${after}`
  const bare = before.slice(0, -1)
  if (DIVISION.includes(hyphen)) return bare + after
  if (!tail) return before + after
  const isOneWord = new RegExp(`(?<!\\p{L})${head}${tail}(?!\\p{L})`, 'iu').test(whole)
  const isCompound = new RegExp(`(?<!\\p{L})${head}[-‐]${tail}(?!\\p{L})`, 'iu').test(whole)
  if (!isOneWord && (isCompound || COMPOUNDS.test(head) || COMPOUND_ENDS.test(tail))) return before + after
  if (!isOneWord) report.add('divided')
  return bare + after
}

/** Ligatures and the shapes of Arabic letters, which print as the letters do, as those letters. */
export function unligated(text: string): string {
  return text.replace(/[\ufb00-\ufb06\ufb13-\ufb17\ufb50-\ufdcf\ufe70-\ufefc]+/g, (signs) => signs.normalize('NFKC'))
}

/** Spaces that do not break stay where languages want them: before marks, in quotation marks, between digits. */
export function plainSpaces(text: string): string {
  const single = text.replace(/[ \u00a0\u202f\u2007]{2,}/g, ' ')
  return single.replace(/\u00a0/g, (space, at: number) => {
    const [before, after] = [single.charAt(at - 1), single.charAt(at + 1)]
    return /[«\p{Nd}§№]/u.test(before) || /[»:;!?%€$£\p{Nd}–—]/u.test(after) ? space : ' '
  })
}
