// The panel shows what is chosen. It hears of a change as of the element that it showed when it was last painted:
// where a choice and a change come in one frame, it would go back to that one, and what is typed would be put there.

export class PanelFollowing {
  constructor(eventBus, selection, canvas) {
    eventBus.on("propertiesPanel.updated", ({ element }) => {
      const chosen = selection.get();
      const [first] = chosen;
      const follows = chosen.length > 1 ? Array.isArray(element) : element === (first?.labelTarget || first || canvas.getRootElement());
      if (!follows) eventBus.fire("selection.changed", { oldSelection: chosen, newSelection: chosen });
    });
  }
}
PanelFollowing.$inject = ["eventBus", "selection", "canvas"];
