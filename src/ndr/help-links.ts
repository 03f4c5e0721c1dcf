const link = /go\.microsoft\.com\/fwlink\/?\?[^\s<>"']{0,60}?LinkId=(\d{4,9})|\baka\.ms\/([\w-]{2,60})/gi;
const maxLinks = 20;

/** The Microsoft help pages that a report names, each once: they say the same in every language (ndr-formats.md §1). */
export function findHelpLinks(text: string): string[] {
  const links = new Set<string>();
  for (const [, id, name] of text.matchAll(link)) {
    links.add(id === undefined ? `aka.ms/${name ?? ''}` : `fwlink/${id}`);
    if (links.size >= maxLinks) break;
  }
  return [...links];
}
