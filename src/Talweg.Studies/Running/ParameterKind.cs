namespace Talweg.Studies.Running;

/// <summary>What a parameter's value is.</summary>
public enum ParameterKind
{
    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A finite number.</summary>
    Number,

    /// <summary>Words.</summary>
    Text,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>Whole numbers, comma-separated; never none.</summary>
    Integers,

    /// <summary>Finite numbers, comma-separated; never none.</summary>
    Numbers,
}
