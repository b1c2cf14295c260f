// Checks the launch form by the template's own constraints, as CloudFormation would.
"use strict";
(() => {
  const form = document.getElementById("launch");
  const summary = document.getElementById("summary");
  const result = document.getElementById("result");
  const fields = [...form.querySelectorAll("[data-kind]")];
  const touched = new Set();

  // CloudFormation matches the whole value by Java's rules. A pattern that this browser can't
  // read is left to CloudFormation.
  const patternOf = (text) => {
    for (const flags of ["u", ""]) {
      try {
        return new RegExp(`^(?:${text})$`, flags);
      } catch {
        continue;
      }
    }
    return null;
  };

  const isNumber = (text) => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim());

  // What is wrong with one value of a field; nothing where it is right.
  const wrong = (value, rules) => {
    const length = [...value].length;
    if (rules.kind === "number" || rules.kind === "numberList") {
      if (!isNumber(value)) return "Write a number.";
      if (rules.minValue !== undefined && Number(value) < Number(rules.minValue)) return `Write ${rules.minValue} or more.`;
      if (rules.maxValue !== undefined && Number(value) > Number(rules.maxValue)) return `Write ${rules.maxValue} or less.`;
      return "";
    }
    if (rules.minLength !== undefined && length < Number(rules.minLength)) return `Write at least ${rules.minLength} characters.`;
    if (rules.maxLength !== undefined && length > Number(rules.maxLength)) return `Write at most ${rules.maxLength} characters.`;
    const pattern = rules.pattern === undefined ? null : patternOf(rules.pattern);
    return pattern && !pattern.test(value) ? "The value does not have the form it must have." : "";
  };

  const finding = (field) => {
    const rules = field.dataset;
    const value = field.value;
    if (rules.required === "true" && value === "") return "Fill this in.";
    const isList = rules.kind === "list" || rules.kind === "numberList";
    const values = isList ? value.split(",").map((one) => one.trim()) : [value];
    const first = values.map((one) => wrong(one, rules)).find((message) => message !== "") ?? "";
    return first && rules.constraint ? rules.constraint : first;
  };

  const show = (field) => {
    const message = finding(field);
    document.getElementById(`${field.id}-error`).textContent = message;
    if (message) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
    return message;
  };

  const summarize = (findings) => {
    summary.hidden = findings.length === 0;
    summary.replaceChildren();
    if (findings.length === 0) return;
    const title = document.createElement("p");
    title.textContent = findings.length === 1 ? "One value needs a change" : `${findings.length} values need a change`;
    const list = document.createElement("ul");
    for (const { field, message } of findings) {
      const link = document.createElement("a");
      link.href = `#${field.id}`;
      link.textContent = form.querySelector(`label[for="${field.id}"]`).firstChild.textContent.trim();
      link.addEventListener("click", (event) => {
        event.preventDefault();
        field.focus();
      });
      const item = document.createElement("li");
      item.append(link, `: ${message}`);
      list.append(item);
    }
    summary.append(title, list);
    summary.focus();
  };

  const parameters = () =>
    fields
      .filter((field) => field.name)
      .map((field) => ({
        ParameterKey: field.name,
        ParameterValue: field.type === "password" ? "(hidden)" : field.value,
      }));

  for (const field of fields) {
    field.addEventListener("blur", () => {
      touched.add(field);
      show(field);
    });
    field.addEventListener("input", () => {
      result.hidden = true;
      if (touched.has(field)) show(field);
    });
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const findings = fields
      .map((field) => {
        touched.add(field);
        return { field, message: show(field) };
      })
      .filter((found) => found.message !== "");
    summarize(findings);
    result.hidden = findings.length > 0;
    if (findings.length === 0) {
      document.getElementById("parameters").textContent = JSON.stringify(parameters(), null, 2);
    }
  });

  form.addEventListener("reset", () => {
    touched.clear();
    summarize([]);
    result.hidden = true;
    for (const field of fields) {
      field.removeAttribute("aria-invalid");
      document.getElementById(`${field.id}-error`).textContent = "";
    }
  });
})();
