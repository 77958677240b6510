namespace Talweg.Studies.Running;

/// <summary>An independent piece of a study's work: a record whose properties say all that its result depends on.</summary>
public interface ICell
{
    /// <summary>The cell in a few words: "B = 50, α = 0.1, seed 1". No part of its identity.</summary>
    string Label { get; }

    /// <summary>The root seed of every random number in the cell.</summary>
    long Seed { get; }

    /// <summary>Whether the weights that the cell recorded stay in its folder when it has ended. No part of its identity where it is not written.</summary>
    bool KeepTrajectory => false;
}
