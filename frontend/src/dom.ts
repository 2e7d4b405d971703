/** Creates elements without markup in strings, so that nothing typed is ever parsed as HTML. */

type Attributes = Record<string, string | boolean | number | undefined | ((event: Event) => void)>
type Child = Node | string | null | undefined | false

/** `el('button', {type: 'button', onclick: action}, 'Insert')`. A false or undefined attribute is left out. */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value)
    else if (value === true) element.setAttribute(name, '')
    else if (value !== false && value !== undefined) element.setAttribute(name, String(value))
  }
  element.append(...children.filter((child): child is Node | string => Boolean(child)))
  return element
}

const SVG = 'http://www.w3.org/2000/svg'

/** A symbol of templates/_symbols.html, as decoration. */
export function icon(name: string): SVGElement {
  const svg = document.createElementNS(SVG, 'svg')
  svg.setAttribute('class', 'icon')
  svg.setAttribute('aria-hidden', 'true')
  const use = document.createElementNS(SVG, 'use')
  use.setAttribute('href', `#${name}`)
  svg.append(use)
  return svg
}

/** A status: an icon and a word. */
export function statusLabel(tone: string, symbol: string, words: string): HTMLElement {
  return el('span', { class: `state state-${tone}` }, icon(symbol), words)
}

/** The same where there is room for the icon only. */
export function symbolLabel(tone: string, symbol: string, words: string): HTMLElement {
  return el('span', { class: `state state-${tone}`, title: words }, icon(symbol), el('span', { class: 'visually-hidden' }, words))
}

/** A button that looks like a link, for actions inside a line. */
export function linkButton(label: string, run: (event: Event) => void, attributes: Attributes = {}): HTMLButtonElement {
  return el('button', { type: 'button', class: 'link-button', onclick: run, ...attributes }, label)
}

/** Disables the button meanwhile. Disabling takes its focus away: it gets it back, unless the focus went elsewhere. */
export async function whileDisabled<Result>(button: HTMLButtonElement, act: () => Promise<Result>): Promise<Result> {
  const focused = document.activeElement === button
  button.disabled = true
  const result = await act()
  button.disabled = false
  if (focused && [document.body, button].includes(document.activeElement as HTMLElement)) button.focus()
  return result
}

/** A touch's click comes a moment after the finger is up. */
const CLICK_WITHIN = 50
let isPressed = false
const waiting: (() => void)[] = []

function release(): void {
  isPressed = false
  window.setTimeout(() => waiting.splice(0).forEach((go) => go()), CLICK_WITHIN)
}

window.addEventListener('pointerdown', () => void (isPressed = true), true)
for (const end of ['pointerup', 'pointercancel']) window.addEventListener(end, release, true)
window.addEventListener('blur', release)

/** Resolves once no mouse button or finger is down: a press does nothing where a new element stands when it ends. */
export function released(): Promise<void> {
  return isPressed ? new Promise((done) => waiting.push(done)) : Promise.resolve()
}

/** The element with this id. Throws if the template does not have it. */
export function byId<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
  const found = document.getElementById(id)
  if (!found) throw new Error(`#${id} is missing from the page`)
  return found as Kind
}
