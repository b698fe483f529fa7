/** The element of the page with this id. */
export function byId<E extends HTMLElement = HTMLElement>(id: string): E {
  const found = document.getElementById(id)
  if (!found) throw new Error(`The page has no #${id}.`)
  return found as E
}

/** A row of a table, of texts. */
export function row(...texts: readonly string[]): HTMLTableRowElement {
  const made = document.createElement('tr')
  for (const text of texts) made.insertCell().textContent = text
  return made
}

/** Shows or hides. */
export function show(element: HTMLElement, isShown: boolean): void {
  element.hidden = !isShown
}
