namespace Talweg.Mutate;

/// <summary>Which one of the mutants compiled into this copy is alive in this process: none, unless the environment names one.</summary>
public static class ActiveMutant
{
    // Read-only, so that the compiled code of a hot loop holds the number as a constant.
    private static readonly int Number = int.Parse(Environment.GetEnvironmentVariable("TALWEG_MUTANT") ?? "-1");
    private static readonly bool Recording = Environment.GetEnvironmentVariable("TALWEG_MUTANT_COVERAGE") is { Length: > 0 };

    /// <summary>Which mutants' code has run since the last call of <see cref="Take"/>.</summary>
    private static readonly bool[] Reached = new bool[1 << 16];

    /// <summary>Whether the mutant of this number is alive; while coverage is recorded, that its code has run.</summary>
    public static bool Is(int mutant)
    {
        if (Recording)
            Reached[mutant] = true;
        return Number == mutant;
    }

    /// <summary>The mutants whose code has run since the last call, and forgets them.</summary>
    public static int[] Take()
    {
        var reached = new List<int>();
        for (int mutant = 0; mutant < Reached.Length; mutant++)
            if (Reached[mutant])
            {
                Reached[mutant] = false;
                reached.Add(mutant);
            }

        return [.. reached];
    }
}
