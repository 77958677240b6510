namespace Talweg.Conventions;

/// <summary>Tests that change or watch what the whole process shares, torch's generator and thread count or its memory: they run one after the other, when nothing else does.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
