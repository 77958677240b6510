namespace Talweg.Mutate;

/// <summary>What became of a mutant.</summary>
internal enum Fate
{
    /// <summary>A test failed.</summary>
    Caught,

    /// <summary>The tests took several times as long as they should: a test that never ends is noticed too.</summary>
    TimedOut,

    /// <summary>Every test that runs its code passed.</summary>
    Survived,

    /// <summary>No test of its room runs its code.</summary>
    NotRun,

    /// <summary>The change changes nothing that a caller could see; the reason is written down in equivalent.txt.</summary>
    Equivalent,
}
