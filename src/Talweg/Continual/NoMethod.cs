namespace Talweg.Continual;

/// <summary>Nothing is remembered: the lower reference.</summary>
public sealed record NoMethod : IContinualMethod
{
    /// <inheritdoc/>
    public IMemory? Remember(IMemory? earlier, LearnedTask task, WorkOptions work) => null;

    /// <inheritdoc/>
    public override string ToString() => ContinualMethods.Print(this);
}
