namespace Talweg.Continual;

/// <summary>What <see cref="TrainingProtocol.HiddenLayers"/> learns before the hidden layers are drawn anew: the papers' "all tasks" can be read either way.</summary>
public enum PretrainingClasses
{
    /// <summary>All classes of the data set, those that are in no task too.</summary>
    All,

    /// <summary>The classes of the sequence's own tasks alone.</summary>
    Own,
}
