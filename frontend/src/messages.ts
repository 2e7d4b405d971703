/** The page's messages, translated by the server: the children of <template id="editor-words">. */

let forms: Map<string, string> | undefined
const rules = new Intl.PluralRules(document.documentElement.lang || 'en')

function table(): Map<string, string> {
  if (forms) return forms
  const template = document.getElementById('editor-words') as HTMLTemplateElement | null
  const found = new Map<string, string>()
  for (const word of template?.content.querySelectorAll<HTMLElement>('[data-word]') ?? []) {
    const key = word.dataset.word + (word.dataset.form ? `.${word.dataset.form}` : '')
    found.set(key, word.textContent?.trim() ?? '')
  }
  forms = found
  return found
}

/** The message `key`, with {names} filled in. */
export function message(key: string, values: Record<string, string | number> = {}): string {
  return fill(table().get(key) ?? key, values)
}

/** The plural form of the message `key` for `n`, which fills {n}. */
export function plural(key: string, n: number, values: Record<string, string | number> = {}): string {
  const found = table().get(`${key}.${rules.select(n)}`) ?? table().get(`${key}.other`) ?? key
  return fill(found, { n, ...values })
}

/** "a, b and c", in the language of the page. */
export function formatList(items: string[]): string {
  return new Intl.ListFormat(pageLanguage(), { type: 'conjunction' }).format(items)
}

/** British English writes "a, b and c" and "3 December 2017". */
function pageLanguage(): string {
  const language = document.documentElement.lang || 'en'
  return language === 'en' ? 'en-GB' : language
}

/** What parts a list that is no sentence: "742 words, 17 notes". */
export const COMMA = pageLanguage().startsWith('ar') ? '، ' : ', '
/** As the server writes numbers into pages: see apps/core/digits.py. */
const DIGITS = pageLanguage().startsWith('ar') ? '٠١٢٣٤٥٦٧٨٩' : ''

/** A number in the page's digits; other words in their own direction. */
function filled(value: string): string {
  if (!DIGITS || !value) return value
  return /^[\d.,:]+$/.test(value) ? value.replace(/\d/g, (digit) => DIGITS[Number(digit)] ?? digit) : `\u2068${value}\u2069`
}

/** In the zone of the reader's profile, as other pages write it: "3 December 2017, 16:32 in Nairobi". */
export function formatMoment(moment: Date): string {
  const zone = { timeZone: message('time-zone'), numberingSystem: DIGITS ? 'arab' : 'latn' }
  const day = new Intl.DateTimeFormat(pageLanguage(), { day: 'numeric', month: 'long', year: 'numeric', ...zone })
  const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...zone })
  return message('clock', { day: day.format(moment), time: time.format(moment) })
}

function fill(words: string, values: Record<string, string | number>): string {
  return words.replace(/\{(\w+)\}/g, (whole, name: string) => filled(String(values[name] ?? whole)))
}
