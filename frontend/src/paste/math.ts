/** Formulas of MathML as text: 10^9 becomes a base with a raised exponent, a fraction a/b. */

import { lostMark } from './lost'

/** A letter's line cannot hold them: roots, matrices, what stands over or under. */
const UNREADABLE = 'msqrt, mroot, mtable, munder, mover, munderover, mmultiscripts, menclose, msubsup'

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
