/** The signs that programs put before the items of a list, and what they count: 4., (d), iv), 2.3, ٣. */

export type Numbering = 'decimal' | 'letters' | 'roman'

const ROMAN: [number, string][] = [
  [100, 'c'], [90, 'xc'], [50, 'l'], [40, 'xl'], [10, 'x'], [9, 'ix'], [5, 'v'], [4, 'iv'], [1, 'i'],
]
/** The letters of Arabic lists, in the order in which they count. */
const ABJAD = [...'أبجدهوزحطيكلمنسعفصقرشتثخذضظغ']
/** At the beginning of the sign, so that "1.2" is the second of its level. */
const SIGN = /^[([（]?\s*(?:[\p{Nd}\p{L}]{1,6}[.)\-])*([\p{Nd}]{1,4}|[a-z]{1,7}|[\u0620-\u064a])\s*[.):\]\-–）．、]*$/iu

/** What the sign may mean, the more likely first: "i" is the first Roman number or the ninth letter. */
export function numbersOf(sign: string): { numbering: Numbering; n: number }[] {
  const [, last = ''] = SIGN.exec(sign.trim()) ?? []
  if (!last || (!/[.):\]\-–）．、]/.test(sign) && !/^\p{Nd}+$/u.test(sign.trim()))) return []
  if (/^\p{Nd}+$/u.test(last)) return [{ numbering: 'decimal', n: digits(last) }]
  const letters = last.toLowerCase()
  const found: { numbering: Numbering; n: number }[] = []
  const roman = fromRoman(letters)
  if (roman && (letters.length > 1 || letters === 'i')) found.push({ numbering: 'roman', n: roman })
  if (/^([a-z])\1{0,2}$/.test(letters)) found.push({ numbering: 'letters', n: (letters.length - 1) * 26 + letters.charCodeAt(0) - 96 })
  if (roman && letters.length === 1 && letters !== 'i') found.push({ numbering: 'roman', n: roman })
  const abjad = ABJAD.indexOf(letters === 'ا' ? 'أ' : letters)
  if (abjad >= 0) found.push({ numbering: 'letters', n: abjad + 1 })
  return found
}

/** Of a CSS list style ("lower-roman") or an HTML list type ("a"); null where neither says. */
export function numberedBy(style: string): Numbering | null {
  if (/roman/i.test(style) || /^i$/i.test(style)) return 'roman'
  if (/alpha|latin/i.test(style) || /^a$/i.test(style)) return 'letters'
  return /decimal/i.test(style) || style === '1' ? 'decimal' : null
}

/** (4), (d) or (iv). */
export function leadsWith(numbering: Numbering, n: number): string {
  if (numbering === 'letters' && n <= 26) return `(${String.fromCharCode(96 + n)})`
  return `(${numbering === 'roman' ? toRoman(n) : n})`
}

function toRoman(n: number): string {
  let rest = n
  let roman = ''
  for (const [value, sign] of ROMAN) {
    for (; rest >= value; rest -= value) roman += sign
  }
  return roman
}

/** 0 where it is none, or not as one writes it. */
function fromRoman(roman: string): number {
  let [rest, n] = [roman, 0]
  for (const [value, sign] of ROMAN) {
    for (; rest.startsWith(sign); rest = rest.slice(sign.length)) n += value
  }
  return !rest && toRoman(n) === roman ? n : 0
}

/** Digits of any script. */
function digits(text: string): number {
  return Number([...text].map((char) => char.codePointAt(0)! - zeroBefore(char.codePointAt(0)!)).join(''))
}

/** The code of the zero of this digit's script: digits stand in tens (Unicode, §4.6). */
function zeroBefore(code: number): number {
  let zero = code
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1
  return code - zero > 9 ? code : zero
}
