// Reads and changes what the sop: extension says of an element; each change is one step of undo.

import { getBusinessObject } from "bpmn-js/lib/util/ModelUtil";

export class Extension {
  constructor(commandStack, bpmnFactory) {
    this._commands = commandStack;
    this._factory = bpmnFactory;
  }

  // `element` may be a shape or, for a process behind its pool, the thing itself.
  of(element, type) {
    const values = getBusinessObject(element).get("extensionElements")?.get("values") || [];
    return values.find((value) => value.$type === type);
  }

  set(element, type, properties, owner = getBusinessObject(element)) {
    const own = this.of(owner, type);
    if (own) this.change(element, own, properties);
    else this._add(element, owner, this._factory.create(type, properties));
  }

  addTo(element, type, list, childType, properties) {
    const own = this.of(element, type);
    const child = this._factory.create(childType, properties);
    if (!own) {
      const made = this._factory.create(type, { [list]: [child] });
      child.$parent = made;
      this._add(element, getBusinessObject(element), made);
      return;
    }
    child.$parent = own;
    this.change(element, own, { [list]: [...(own.get(list) || []), child] });
  }

  removeFrom(element, type, list, child) {
    const own = this.of(element, type);
    this.change(element, own, { [list]: own.get(list).filter((one) => one !== child) });
  }

  change(element, moddleElement, properties) {
    this._commands.execute("element.updateModdleProperties", { element, moddleElement, properties });
  }

  _add(element, owner, own) {
    const holder = owner.get("extensionElements");
    if (holder) {
      own.$parent = holder;
      this.change(element, holder, { values: [...(holder.get("values") || []), own] });
      return;
    }
    const made = this._factory.create("bpmn:ExtensionElements", { values: [own] });
    made.$parent = owner;
    own.$parent = made;
    this.change(element, owner, { extensionElements: made });
  }
}
Extension.$inject = ["commandStack", "bpmnFactory"];
