// Somebody's own spacing of letters, words, lines and paragraphs (WCAG 1.4.12), put on or taken off; a page may forbid styles, not these.
(on) => {
  const own = new CSSStyleSheet();
  own.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
    p { margin-bottom: 2em !important }`);
  document.adoptedStyleSheets = on ? [own] : [];
}
