/**
 * Where dialogs, menus and tooltips are put in the document. A page that covers its screen gives them a place of their own, so
 * that they are covered with the rest; until then it is the body.
 */
let place: Element | undefined;

export function overlayPlace(): Element {
  return place ?? document.body;
}

/** undefined: the body again. */
export function putOverlaysIn(element: Element | undefined): void {
  place = element;
}
