/** Plain text, as PDF viewers and terminals copy it: lines broken hard, words divided, ligatures, bullets. */

import type { PasteReport } from './report'

/** Where lines are longer, they are paragraphs. */
export const LONGEST_LINE = 140
const SHORTEST_LINE = 35
/** A line of a paragraph is nearly full, except its last. */
const FULL = 0.72
const BULLET = /^\s*(?:[•‣◦▪▫●○■□–—·∙\uf0a7\uf0b7\uf0d8\uf076\uf0fc]|[-*](?=\s))\s*/u
const ITEM = /^\s*(?:\(?(?:\p{Nd}{1,3}|[a-z]|[ivx]{1,5})[.)]|[•‣◦▪●■\uf0a7\uf0b7])\s/iu
const DIVIDED = /(\p{L}+)([-‐\u00ad])$/u
/** First parts of words that are written with a hyphen anyway. */
const COMPOUNDS = /^(e|co|non|self|cross|well|multi|inter|anti|pro|ex|vice|half|all|low|high|long|short|non|post|pre|re|sub|semi|peut|ci|là|au|est|soi|celui|celle|sous|outre)$/i

export interface PlainBlock {
  kind: 'text' | 'bullet'
  text: string
}

/** The paragraphs of the text. */
export function plainBlocks(text: string, report: PasteReport): PlainBlock[] {
  const lines = text.replace(/\r\n?|[\u2028\u2029\f\v]/g, '\n').split('\n').map((line) => line.trimEnd())
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
    if (last && full && hard && !bullet && !ITEM.test(line)) last.text = joinedLines(last.text, words, text, report)
    else blocks.push({ kind: bullet ? 'bullet' : 'text', text: bullet ? line.replace(BULLET, '').trim() : words })
    full = line.length >= width * FULL || DIVIDED.test(line)
  }
  return blocks.filter((block) => block.text)
}

/** Two lines of a paragraph. A word divided at the end of the first becomes one, unless its hyphen belongs to it. */
export function joinedLines(before: string, after: string, whole: string, report: PasteReport): string {
  const [, head = '', hyphen = ''] = DIVIDED.exec(before) ?? []
  const tail = /^\p{Ll}+/u.exec(after)?.[0] ?? ''
  if (!head) return `${before} ${after}`
  if (!tail) return before + after
  const bare = before.slice(0, -1)
  if (hyphen === '\u00ad') return bare + after
  const isOneWord = new RegExp(`(?<!\\p{L})${head}${tail}(?!\\p{L})`, 'iu').test(whole)
  const isCompound = new RegExp(`(?<!\\p{L})${head}[-‐]${tail}(?!\\p{L})`, 'iu').test(whole)
  if (!isOneWord && (isCompound || COMPOUNDS.test(head))) return before + after
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
