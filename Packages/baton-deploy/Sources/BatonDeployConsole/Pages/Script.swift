/// The one script: puts what the server sends of a page in the place of what was there, counts seconds, and says on a button what it will
/// do. Without it the pages work, and have to be loaded again to show what is new.
enum Script {
  static let text = """
    "use strict";
    (() => {
      const live = document.getElementById("live");

      const patch = text => {
        const template = document.createElement("template");
        template.innerHTML = text;
        for (const fresh of [...template.content.children]) {
          const old = document.getElementById(fresh.id);
          if (!old) { document.getElementById(fresh.dataset.into)?.append(fresh); continue; }
          if (old.isEqualNode(fresh)) continue;
          const hadFocus = old.contains(document.activeElement) ? document.activeElement.id || document.activeElement.value : null;
          const open = [...old.querySelectorAll("details")].map(each => each.open);
          const ticked = new Map([...old.querySelectorAll("input[type=checkbox]")].map(each => [each.value, each.checked]));
          old.replaceWith(fresh);
          fresh.querySelectorAll("details").forEach((each, index) => { each.open = open[index] ?? each.open; });
          for (const box of fresh.querySelectorAll("input[type=checkbox]")) {
            if (ticked.has(box.value) && !box.disabled) box.checked = ticked.get(box.value);
          }
          if (hadFocus) [...fresh.querySelectorAll("button, input, a, summary")].find(each => (each.id || each.value) === hadFocus)?.focus();
        }
        label();
        tick();
      };

      const tick = () => {
        for (const time of document.querySelectorAll("time[data-since]")) {
          const seconds = Math.max(0, (Date.now() - Number(time.dataset.since)) / 1000);
          time.textContent = seconds < 60 ? seconds.toFixed(0) + " s" : Math.floor(seconds / 60) + " min " + String(Math.floor(seconds % 60)).padStart(2, "0") + " s";
        }
      };

      const form = document.getElementById("wish");
      const label = () => {
        if (!form) return;
        const count = document.querySelectorAll("input[name=host]:checked").length;
        const act = form.elements.act.value;
        const version = form.elements.version.value.trim();
        const what = act === "restart" ? "Restart" : act === "rollback" ? "Roll back" + (version ? " to " + version : "") : "Deploy " + (version || "…");
        const button = document.getElementById("begin");
        button.textContent = what + " on " + count + (count === 1 ? " host" : " hosts");
        button.disabled = count === 0 || (act === "deploy" && !version);
      };
      form?.addEventListener("input", label);
      document.addEventListener("change", event => {
        if (event.target.id === "all") {
          for (const box of document.querySelectorAll("input[name=host]:not([data-silent])")) box.checked = event.target.checked;
        }
        label();
      });

      // A second click on the way would ask for the same once more.
      document.addEventListener("submit", event => {
        const button = event.submitter;
        if (button) setTimeout(() => { button.disabled = true; }, 0);
      });
      addEventListener("pageshow", () => { label(); });

      if (document.body.dataset.events) {
        const source = new EventSource(document.body.dataset.events);
        source.addEventListener("patch", event => patch(event.data));
        source.addEventListener("reload", () => location.reload());
        source.addEventListener("over", () => { source.close(); live.textContent = ""; });
        source.onopen = () => { live.textContent = "Live"; };
        source.onerror = () => { live.textContent = "Connection lost, trying again…"; };
      }
      setInterval(tick, 1000);
      tick();
      label();
    })();
    """
}
