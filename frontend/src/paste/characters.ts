/**
 * The characters that a letter can hold: the rule of apps/core/text.py, applied while people type and paste, so that
 * the text on the screen is the text that is saved.
 */

/** They change the order in which the text after them is shown, so readers could see other words than are stored. */
const DIRECTION_CONTROLS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

// control and format characters except joiners, half surrogate pairs, characters that show nothing, non-characters
const INVISIBLE =
  /[\p{Cc}\p{Cs}\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufe00-\ufe0f\ufdd0-\ufdef\ufffe\uffff]|(?![\u200c\u200d\u180e])\p{Cf}/gu
/** Joiners are spelling after letters of these scripts. */
const JOINING =
  '\\p{scx=Arab}\\p{scx=Beng}\\p{scx=Deva}\\p{scx=Gujr}\\p{scx=Guru}\\p{scx=Knda}\\p{scx=Khmr}\\p{scx=Mlym}\\p{scx=Mong}' +
  '\\p{scx=Mymr}\\p{scx=Nkoo}\\p{scx=Orya}\\p{scx=Sinh}\\p{scx=Syrc}\\p{scx=Taml}\\p{scx=Telu}\\p{scx=Thaa}\\p{scx=Tibt}'
const STRAY_JOINERS = new RegExp(`(?<![${JOINING}])[\\u200c\\u200d]|(?<!\\p{scx=Mong})[\\u180b-\\u180f]`, 'gu')

/**
 * The text as a letter may hold it, in composed form (NFC). Tabs and line ends become spaces. `before` is the text it
 * follows, as a joiner belongs to a letter that may have other marks.
 */
export function cleanText(text: string, before = ''): string {
  if (/^[ -~]*$/.test(text)) return text
  if (before && /^[\u200c\u200d]/.test(text)) return cleanText([...before].at(-1) + text).slice([...before].at(-1)!.length)
  return text
    .normalize('NFC')
    .replace(/\r\n|[\t\n\r\u2028\u2029]/g, ' ')
    .replace(INVISIBLE, '')
    .replace(STRAY_JOINERS, '')
}

/** How many direction controls the text has. */
export function countDirectionControls(text: string): number {
  return text.match(DIRECTION_CONTROLS)?.length ?? 0
}
