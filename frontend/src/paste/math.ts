/** Formulas of MathML as text: 10^9 becomes a base with a raised exponent, a fraction a/b. */

import { lostMark } from './lost'

/** A letter's line cannot hold them: roots, matrices, what stands over or under. */
const UNREADABLE = 'msqrt, mroot, mtable, munder, mover, munderover, mmultiscripts, menclose, msubsup'

/** Parts of Word's formulas by the names that MathML has for them; the rest are rows. */
const WORD_PARTS: Record<string, string> = {
  f: 'mfrac', sSup: 'msup', sSub: 'msub', sSubSup: 'msubsup', rad: 'msqrt', nary: 'munderover', m: 'mtable', limLow: 'munder', limUpp: 'mover',
}

/** Word hides a formula in a comment, for itself, and draws it for others. */
export function readWordFormulas(html: string): string {
  return html.replace(/<!--\[if gte msEquation \d+\]>([\s\S]*?)<!\[endif\]-->/gi, (_whole, formula: string) => {
    const parts = formula.replace(/<m:(\w+)Pr\b[^>]*>[\s\S]*?<\/m:\1Pr>/gi, '')
    const named = parts.replace(/<(\/?)m:(\w+)[^>]*>|<[^>]*>/g, (_tag, end: string, name?: string) => (name ? `<${end ?? ''}${WORD_PARTS[name] ?? 'mrow'}>` : ''))
    return `<math data-drawn>${named}</math>`
  })
}

export function removeDrawnFormulas(page: Document): void {
  for (const math of page.querySelectorAll('math[data-drawn]')) {
    const drawn = math.nextElementSibling
    if (drawn?.matches('img') || (drawn && !drawn.textContent?.trim() && drawn.querySelector('img'))) drawn.remove()
  }
}

export function readMath(page: Document): void {
  for (const math of page.querySelectorAll('math')) if (math.querySelector(UNREADABLE)) math.before(lostMark(page, 'formula'))
  for (const note of page.querySelectorAll('math annotation, math annotation-xml')) note.remove()
  for (const fraction of [...page.querySelectorAll('math mfrac')].reverse()) {
    const [over, under] = fraction.children
    fraction.replaceWith(`${grouped(over)}/${grouped(under)}`)
  }
  for (const formula of [...page.querySelectorAll('math :is(msup, msub)')].reverse()) {
    const [base, script] = formula.children
    const shifted = page.createElement(formula.localName === 'msup' ? 'sup' : 'sub')
    shifted.textContent = script?.textContent?.trim() ?? ''
    formula.replaceWith(...(base ? base.childNodes : []), shifted)
  }
  for (const math of page.querySelectorAll('math')) {
    for (const part of [...math.querySelectorAll('*')].reverse()) {
      if (!part.matches('sup, sub')) part.replaceWith(...part.childNodes)
    }
    math.replaceWith(...math.childNodes)
  }
}

function grouped(part: Element | undefined): string {
  const text = part?.textContent?.trim() ?? ''
  return /^[\p{L}\p{N}.,]*$/u.test(text) ? text : `(${text})`
}
