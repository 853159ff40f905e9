import { type Markup, markup, type MarkupValue } from "./markup.js";

interface PageSectionParams {
  readonly id: string;
  readonly heading: string;
  readonly body: MarkupValue;
}

/** A part of a page under its heading, which links lead to. */
export function pageSection({ id, heading, body }: PageSectionParams): Markup {
  return markup`<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${heading}</h2>
${body}
</section>
`;
}
