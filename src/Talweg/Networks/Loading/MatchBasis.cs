namespace Talweg.Networks.Loading;

/// <summary>By what a file's tensors were told apart.</summary>
public enum MatchBasis
{
    /// <summary>The names are the network's own.</summary>
    OwnNames,

    /// <summary>The names are the network's own behind a prefix that all share, or that a wrapper such as DataParallel puts in.</summary>
    PrefixedNames,

    /// <summary>Kinds and shapes alone fit in one way.</summary>
    Shapes,

    /// <summary>Among modules of equal shapes the numbers in their names decided.</summary>
    Numbers,

    /// <summary>Among modules of equal shapes the order in the file's metadata decided.</summary>
    RecordedOrder,

    /// <summary>Among modules of equal shapes the order of the tensors in the file decided.</summary>
    FileOrder,
}
