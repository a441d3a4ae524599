"""Figures in a table, and faults in words."""


class Report:
    """What was tried, how often, and what went wrong."""

    def __init__(self, title):
        self.title, self.figures, self.faults = title, {}, []

    def count(self, name, value=1):
        self.figures[name] = self.figures.get(name, 0) + value

    def show(self, name, value):
        self.figures[name] = value

    def fault(self, what):
        if what not in self.faults:
            self.faults.append(what)

    def __str__(self):
        rows = {**self.figures, "faults": len(self.faults)}
        shown = {name: f"{value:,}" if isinstance(value, int) else str(value) for name, value in rows.items()}
        left, right = max(map(len, shown)), max(map(len, shown.values()))
        table = "\n".join(f"  {name:<{left}}  {value:>{right}}" for name, value in shown.items())
        words = "".join(f"\nFAULT: {what}" for what in self.faults[:20])
        more = f"\n… and {len(self.faults) - 20} more" if len(self.faults) > 20 else ""
        return f"{self.title}\n{table}{words}{more}"

    def close(self):
        """Prints it. Returns the exit status."""
        print(self, flush=True)
        return 1 if self.faults else 0
