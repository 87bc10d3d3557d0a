// A diagram of a page, drawn in the browser, in the colors of the theme that the reader has chosen.

import mermaidScript from "@mermaid-js/tiny/dist/mermaid.tiny.js?url";
import { useData } from "vitepress";
import { defineComponent, h, onMounted, ref, watch } from "vue";

/** What the script adds to the page: https://mermaid.js.org/config/usage.html */
interface Mermaid {
  initialize(options: { startOnLoad: boolean; theme: string }): void;
  render(id: string, source: string): Promise<{ svg: string }>;
}

declare global {
  interface Window {
    mermaid?: Mermaid;
  }
}

let loading: Promise<Mermaid> | undefined;

/** Once for all diagrams: the script is large, and most pages have none. */
function loadMermaid(): Promise<Mermaid> {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = mermaidScript;
    script.onload = () => (window.mermaid ? resolve(window.mermaid) : reject(new Error("no mermaid")));
    script.onerror = () => reject(new Error(`${mermaidScript} doesn't load`));
    document.head.append(script);
  });
  return loading;
}

let drawn = 0;

export const MermaidDiagram = defineComponent({
  props: {
    /** The diagram as text, URI-encoded. */
    source: { type: String, required: true },
  },
  setup(props) {
    const { isDark } = useData();
    const drawing = ref("");
    const source = decodeURIComponent(props.source);
    const draw = async () => {
      const mermaid = await loadMermaid();
      mermaid.initialize({ startOnLoad: false, theme: isDark.value ? "dark" : "neutral" });
      drawn += 1;
      const { svg } = await mermaid.render(`diagram-${drawn}`, source);
      drawing.value = svg;
    };
    onMounted(() => {
      void draw();
      watch(isDark, draw);
    });
    // The text, until it is drawn or if there is no JavaScript.
    return () =>
      drawing.value === ""
        ? h("pre", { class: "diagram" }, source)
        : h("div", { class: "diagram", innerHTML: drawing.value });
  },
});
